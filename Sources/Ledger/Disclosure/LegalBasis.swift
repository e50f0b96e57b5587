public import CareChain

/// A kind of data about a case, as the matrix of who may see what tells them apart.
public enum DataCategory: String, CaseIterable, Sendable {
    /// Who it is.
    case identity
    /// Sex, age band, needs, security.
    case profile
    /// Regions and persons to avoid.
    case avoid
    /// Phase and clocks: requests, stays, and how they go on.
    case phase
    /// What care must know.
    case health
    /// Where the investigation is and what it forbids.
    case investigation
    /// Where a shelter is.
    case address
    /// What the police plan under embargo.
    case action
}

/// Why somebody may be told something.
public struct LegalBasis: Sendable, Equatable {
    /// What kind of basis it is.
    public enum Kind: String, CaseIterable, Sendable {
        /// The victim agreed.
        case consent
        /// A law says so.
        case law
        /// Parties agreed, until a date.
        case covenant
    }

    /// The kind.
    public let kind: Kind
    /// Whose data; nil: of all cases that the matrix opens to the role.
    public let victim: VictimID?
    /// The role that may be told.
    public let role: Role
    /// Who of that role; nil: all.
    public let party: String?
    /// What may be told.
    public let categories: [DataCategory]
    /// The first day on which it holds.
    public let from: CalendarDate
    /// The first day on which it no longer holds; nil: until further notice.
    public let until: CalendarDate?
    /// The article, covenant or form.
    public let reference: String

    /// Makes a basis.
    public init(
        kind: Kind, victim: VictimID? = nil, role: Role, party: String? = nil, categories: [DataCategory],
        from: CalendarDate, until: CalendarDate? = nil, reference: String
    ) {
        self.kind = kind
        self.victim = victim
        self.role = role
        self.party = party
        self.categories = categories
        self.from = from
        self.until = until
        self.reference = reference
    }
}

/// A basis that is on record.
public struct KeptLegalBasis: Sendable, Equatable {
    /// Its number.
    public let id: Int
    /// The basis.
    public let basis: LegalBasis
    /// The first day on which it no longer holds, when it was withdrawn.
    public let withdrawnOn: CalendarDate?
    /// Whether it holds today.
    public let holds: Bool
}
