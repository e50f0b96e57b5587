import Foundation

/// A part of a list, in an order that stays: what is added or changed meanwhile neither repeats nor hides the rest.
public struct Page<Element: Sendable>: Sendable {
    /// The elements, in order.
    public let elements: [Element]
    /// Where the next page begins; nil: this is the last one.
    public let next: PageCursor?
}

extension Page: Equatable where Element: Equatable {}

/// Which part of a list is asked for.
public struct PageRequest: Sendable, Equatable {
    /// Where the page before ended; nil: from the beginning.
    public var after: PageCursor?
    /// At most so many elements, 1 to 1000; nil: all.
    public var limit: Int?

    /// Makes a request.
    public init(after: PageCursor? = nil, limit: Int? = nil) {
        self.after = after
        self.limit = limit
    }

    /// Everything at once.
    public static let all = PageRequest()
}

/// A place in a list: the sort key of the last element of a page. Its text is opaque to those who pass it on.
public struct PageCursor: Sendable, Equatable, LosslessStringConvertible {
    let list: String
    let keys: [String]

    init(list: String, keys: [String]) {
        self.list = list
        self.keys = keys
    }

    /// Base64 of a JSON array, with the letters of URLs.
    public var description: String {
        let data = (try? JSONEncoder().encode([list] + keys)) ?? Data()
        return data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Reads what ``description`` gave; nil when it is anything else.
    public init?(_ description: String) {
        let digits = description.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - digits.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: digits + padding),
            let parts = try? JSONDecoder().decode([String].self, from: data), let list = parts.first
        else { return nil }
        self.init(list: list, keys: Array(parts.dropFirst()))
    }
}
