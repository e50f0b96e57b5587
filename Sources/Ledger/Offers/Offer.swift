public import CareChain
public import Foundation

/// A bed that is offered for a request, over some days.
public struct OfferedStay: Sendable, Hashable, Codable {
    /// The victim's pseudonym.
    public let victim: String
    /// The unit.
    public let unit: String
    /// The first day.
    public let from: CalendarDate
    /// The first day no longer there.
    public let until: CalendarDate

    /// Makes a stay.
    public init(victim: VictimID, unit: UnitID, from: CalendarDate, until: CalendarDate) {
        self.victim = victim.text
        self.unit = unit.text
        self.from = from
        self.until = until
    }
}

/// Why somebody places against a rule.
public struct RuleOverride: Sendable, Hashable, Codable {
    /// The rule: one of the problem's, or `plan`, `timing`, `out-of-region`, which are soft.
    public let rule: String
    /// Why.
    public let reason: String
    /// On which legal basis; a hard rule needs one, and a second person.
    public let legalBasis: String?

    /// The rules that bind plans but not people, who say why.
    public static let soft: Set<String> = ["plan", "timing", "out-of-region"]

    /// Makes an override.
    public init(rule: String, reason: String, legalBasis: String? = nil) {
        self.rule = rule
        self.reason = reason
        self.legalBasis = legalBasis
    }
}

/// Where an offer is.
public enum OfferState: String, CaseIterable, Sendable, Codable {
    /// Waits for approvals.
    case open
    /// Everybody agreed: the bed is the request's.
    case accepted
    /// Somebody declined.
    case declined
    /// Nobody answered in time.
    case expired
    /// Taken back, or another offer was accepted.
    case cancelled
}

/// An approval that an offer waits for.
public struct MissingApproval: Sendable, Equatable, Codable {
    /// What comes before the approval of a guardian of whom the ledger does not know: that somebody records who it is.
    public static let guardianship = "guardianship"

    /// The shelter whose authority asks for it, or the victim whose guardian approves.
    public let subject: String
    /// What is to be approved.
    public let approval: String
    /// The roles of which one gives it.
    public let roles: [Role]
}

/// What became of an answer to an offer.
public struct OfferAnswer: Sendable, Equatable, Codable {
    /// The offer's number.
    public let offer: Int
    /// Its state.
    public let state: OfferState
    /// What it still waits for.
    public let missing: [MissingApproval]
}

/// Which offers are asked for.
public struct OfferFilter: Sendable, Equatable {
    /// Only those that can still be answered.
    public var openOnly: Bool
    /// Of a request.
    public var request: RequestID?
    /// Of beds in a shelter.
    public var shelter: ShelterID?

    /// Makes a filter.
    public init(openOnly: Bool = true, request: RequestID? = nil, shelter: ShelterID? = nil) {
        self.openOnly = openOnly
        self.request = request
        self.shelter = shelter
    }
}

/// An offer as it is listed.
public struct OfferRecord: Sendable, Equatable, Codable {
    /// Its number.
    public let id: Int
    /// Its version (``Versioned/offer(_:)``).
    public let version: Int
    /// The request.
    public let request: String
    /// `placement` or `transfer`.
    public let kind: String
    /// Where it is.
    public let state: OfferState
    /// When it was made.
    public let madeAt: Date
    /// Who made it.
    public let madeBy: String
    /// When it expires.
    public let answerBy: Date
    /// The beds.
    public let stays: [OfferedStay]
    /// What it still waits for; empty unless it is open.
    public let missing: [MissingApproval]
    /// Who declined: shelter, victim or authority.
    public let side: String?
    /// Why it was declined.
    public let reason: String?
    /// The rules that it overrides.
    public let overrides: [String]
}

extension Role: Codable {}

extension CalendarDate: Codable {
    /// Reads `YYYY-MM-DD`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let date = CalendarDate(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "this is no date")
        }
        self = date
    }

    /// Writes `YYYY-MM-DD`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
