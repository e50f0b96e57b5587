/// What taking facts in has changed in the ledger.
public struct LoadReport: Sendable, Equatable {
    /// What happened to the facts of one kind.
    public struct Entry: Sendable, Equatable {
        /// The kind in words, `units` for example.
        public let kind: String
        /// The number of facts given.
        public let given: Int
        /// The number of facts that the ledger did not have.
        public let added: Int
        /// The number of facts about which it had something else.
        public let changed: Int
        /// Facts that it has and that were not given, by their identifiers; they stay.
        public let vanished: [String]

        init(_ kind: String, given: Int, _ written: [WrittenRow], vanished: [String] = []) {
            self.kind = kind
            self.given = given
            added = written.count { $0.added }
            changed = written.count { !$0.added }
            self.vanished = vanished
        }
    }

    /// The kinds of facts in the order in which they were taken in.
    public let entries: [Entry]

    /// Whether the ledger knew all of it already.
    public var changedNothing: Bool { entries.allSatisfy { $0.added == 0 && $0.changed == 0 } }
}

/// A row that a statement wrote.
struct WrittenRow: Codable {
    let id: String
    /// False: it was there and has been changed.
    let added: Bool
}
