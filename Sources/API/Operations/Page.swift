import CareChain
import Foundation

/// A part of a list in its stable order.
struct Page<Item: Codable & Sendable>: Codable, Sendable {
    /// The items.
    let items: [Item]
    /// What to give as `cursor` for those that follow; nil: these are the last.
    let next: String?

    /// Makes the page of what was found, of which one more than fits was asked for.
    ///
    /// - Parameter key: By what the list is sorted, so that the next page begins after it.
    init(_ found: [Item], size: Int, key: (Item) -> [String]) {
        items = Array(found.prefix(size))
        next = found.count > size ? items.last.map { Cursor(key: key($0)).text } : nil
    }
}

/// Where a page ends: the sort key of its last item, so that what is added or taken away meanwhile moves nothing.
struct Cursor: Sendable, Equatable {
    let key: [String]

    init(key: [String]) {
        self.key = key
    }

    /// Reads a cursor that was told; nil when it is none.
    init?(_ text: String) {
        let base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - base64.count % 4) % 4)
        guard let data = Data(base64Encoded: base64 + padding),
            let key = try? JSONDecoder().decode([String].self, from: data)
        else { return nil }
        self.init(key: key)
    }

    /// The cursor as it is told.
    var text: String {
        let data = (try? JSONEncoder().encode(key)) ?? Data()
        return data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

/// The parameters with which a list is asked for.
protocol PageQuery {
    /// The most items of a page.
    var limit: Int? { get }
    /// Where the page before ended.
    var cursor: String? { get }
}

extension PageQuery {
    /// The most items: 50 unless told, 200 at most.
    ///
    /// - Throws: `badParameter`
    func size() throws(Problem) -> Int {
        let limit = limit ?? 50
        guard (1...200).contains(limit) else {
            throw Problem(
                .badParameter, english: "limit is 1 to 200", dutch: "limit is 1 tot 200", parameter: "limit")
        }
        return limit
    }

    /// The sort key after which to begin; nil: at the first.
    ///
    /// - Parameter count: The number of parts that the list's sort key has.
    /// - Throws: `badParameter`
    func position(of count: Int = 1) throws(Problem) -> [String]? {
        guard let cursor else { return nil }
        guard let position = Cursor(cursor), position.key.count == count else {
            throw Problem(
                .badParameter, english: "cursor is what another page told as next",
                dutch: "cursor is wat een andere pagina als next gaf", parameter: "cursor")
        }
        return position.key
    }
}
