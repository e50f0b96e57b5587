import CareChain
import Foundation

/// The order of a list: its name and the kinds of its sort key, which a cursor has to match.
struct ListOrder {
    /// What a part of a sort key is.
    enum Kind {
        case number
        case date
        case instant
        case text
    }

    let name: String
    let kinds: [Kind]

    init(_ name: String, _ kinds: Kind...) {
        self.name = name
        self.kinds = kinds
    }

    /// Where a page begins in this order, and how many rows it takes.
    ///
    /// - Throws: `invalid` when the cursor is of another list, or the limit is none.
    func start(_ page: PageRequest) throws(LedgerError) -> ListStart {
        if let limit = page.limit, !(1...1000).contains(limit) {
            throw .invalid(
                english: "a page has 1 to 1000 elements, not \(limit)",
                dutch: "een pagina heeft 1 tot 1000 onderdelen, niet \(limit)")
        }
        if let cursor = page.after {
            guard cursor.list == name, cursor.keys.count == kinds.count,
                zip(cursor.keys, kinds).allSatisfy({ key, kind in kind.holds(key) })
            else {
                throw .invalid(
                    english: "this cursor is not of the list of \(name): pass on the one that came with its page",
                    dutch: "deze cursor is niet van de lijst \(name): geef die door die bij de pagina kwam")
            }
        }
        return ListStart(keys: page.after?.keys, limit: page.limit)
    }

    /// The page of what was found, which may be one more than was asked for.
    func page<Element>(_ found: [Element], _ request: PageRequest, key: (Element) -> [String]) -> Page<Element> {
        guard let limit = request.limit, found.count > limit, let last = found.prefix(limit).last else {
            return Page(elements: found, next: nil)
        }
        return Page(elements: Array(found.prefix(limit)), next: PageCursor(list: name, keys: key(last)))
    }
}

/// Where a page begins: bound in statements as `first OR (key) > (keys)`, of which PostgreSQL, that knows the values when
/// it plans, leaves what an index can answer.
struct ListStart {
    fileprivate let keys: [String]?
    /// How many rows to take: one more than the page, to know whether there is another; nil: all.
    let rows: Int?

    fileprivate init(keys: [String]?, limit: Int?) {
        self.keys = keys
        rows = limit.map { $0 + 1 }
    }

    /// Whether the page begins with the list.
    var isFirst: Bool { keys == nil }

    func number(_ place: Int) -> Int? { keys.flatMap { Int($0[place]) } }
    func date(_ place: Int) -> CalendarDate? { keys.flatMap { CalendarDate($0[place]) } }
    func instant(_ place: Int) -> Date? { keys.flatMap { Int($0[place]) }.map(Date.init(microseconds:)) }
    func text(_ place: Int) -> String? { keys?[place] }
}

extension ListOrder.Kind {
    fileprivate func holds(_ key: String) -> Bool {
        switch self {
        case .number: Int(key) != nil
        // Instants that PostgreSQL holds: microseconds in years with four digits.
        case .instant: Int(key).map { (-60_000_000_000_000_000...250_000_000_000_000_000).contains($0) } ?? false
        case .date: CalendarDate(key) != nil
        case .text: !key.unicodeScalars.contains("\0")
        }
    }
}

extension Date {
    fileprivate init(microseconds: Int) {
        self.init(timeIntervalSinceReferenceDate: Double(microseconds) / 1e6)
    }

    /// Microseconds since the reference date, as exactly as PostgreSQL keeps them: a part of a sort key.
    var sortKey: String { String(Int((timeIntervalSinceReferenceDate * 1e6).rounded())) }
}
