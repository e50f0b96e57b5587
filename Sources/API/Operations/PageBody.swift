import Ledger

/// A part of a list in its stable order.
struct PageBody<Item: Codable & Sendable>: Codable, Sendable {
    /// The items.
    let items: [Item]
    /// What to give as `cursor` for those that follow; nil: these are the last.
    let next: String?

    /// Makes the page of what the ledger found.
    init<Element>(_ page: Page<Element>, _ item: (Element) -> Item) {
        items = page.elements.map(item)
        next = page.next?.description
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
    /// The page that is asked for: 50 items unless told, 200 at most.
    ///
    /// - Throws: `badParameter`
    func page() throws(Problem) -> PageRequest {
        let limit = limit ?? 50
        guard (1...200).contains(limit) else {
            throw Problem(
                .badParameter, english: "limit is 1 to 200", dutch: "limit is 1 tot 200", parameter: "limit")
        }
        guard let cursor else { return PageRequest(limit: limit) }
        guard let after = PageCursor(cursor) else {
            throw Problem(
                .badParameter, english: "cursor is what another page told as next",
                dutch: "cursor is wat een andere pagina als next gaf", parameter: "cursor")
        }
        return PageRequest(after: after, limit: limit)
    }
}
