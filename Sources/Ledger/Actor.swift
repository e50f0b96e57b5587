/// Who does something in the ledger: a role of the care chain, and who of that role.
public struct Actor: Sendable, Hashable {
    /// The role.
    public let role: Role
    /// Who it is: a region or office of the desk and the coordinators, a shelter, a police unit, a guardian, a funder, or a
    /// pseudonym of a person; never a name.
    public let id: String

    /// Makes an actor; the identifier has 1 to 200 bytes.
    public init(role: Role, id: String) {
        self.role = role
        self.id = id
    }

    /// Reads `ROLE/ID`, `shelter/s12` for example; nil when the role is none of those that there are, or the identifier is
    /// empty or longer than 200 bytes.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let role = Role(rawValue: String(parts[0])), (1...200).contains(parts[1].utf8.count)
        else { return nil }
        self.init(role: role, id: String(parts[1]))
    }
}

extension Actor: CustomStringConvertible {
    /// `ROLE/ID`.
    public var description: String { "\(role.rawValue)/\(id)" }
}

/// A role of the care chain.
public enum Role: String, CaseIterable, Sendable {
    /// The national coordination desk.
    case desk
    /// A regional care coordinator.
    case coordinator
    /// Staff of a shelter, and their scripts.
    case shelter
    /// Contact persons of a police region.
    case police
    /// Guardians and youth-protection bodies.
    case guardian
    /// A centre municipality or ministry that pays.
    case funder
    /// Steering groups and analysts: aggregates only.
    case governor
    /// The privacy officer.
    case auditor
    /// The operator of the system.
    case admin
}
