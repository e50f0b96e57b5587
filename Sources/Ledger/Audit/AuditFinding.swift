/// Something in the audit trail that is not as it was sealed.
public struct AuditFinding: Sendable, Equatable {
    /// What was done to it.
    public enum Kind: String, Sendable {
        /// An entry says something else than when it was sealed.
        case changed
        /// An entry, or a whole stretch of them, is gone.
        case removed
        /// An entry was slipped in among sealed ones.
        case inserted
        /// An entry stands where another one stood.
        case reordered
        /// A seal itself was changed, removed or added.
        case seal
    }

    /// What was done.
    public let kind: Kind
    /// The entry's number, where it is known.
    public let entry: Int?
    /// A sentence for people.
    public let sentence: String

    init(_ kind: Kind, entry: Int? = nil, _ sentence: String) {
        self.kind = kind
        self.entry = entry
        self.sentence = sentence
    }
}

/// What verifying the audit trail found.
public struct AuditVerdict: Sendable, Equatable {
    /// Sealed entries that were looked at.
    public internal(set) var sealed = 0
    /// Entries that are not sealed yet.
    public internal(set) var unsealed = 0
    /// Days that have entries.
    public internal(set) var days = 0
    /// The number of the newest seal; nil: none.
    public internal(set) var seal: Int?
    /// The newest seal's own seal.
    public internal(set) var head: String?
    /// The first findings, in order; at most ``mostFindings``.
    public internal(set) var findings: [AuditFinding] = []
    /// How many there are in all.
    public internal(set) var findingCount = 0

    /// How many findings are told.
    public static let mostFindings = 100

    /// Whether everything is as it was sealed.
    public var isIntact: Bool { findingCount == 0 }

    mutating func add(_ finding: AuditFinding) {
        findingCount += 1
        if findings.count < Self.mostFindings { findings.append(finding) }
    }
}
