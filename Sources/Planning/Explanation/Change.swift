public import CareChain

/// One thing that people could decide otherwise so that a request finds a place. What people read is its
/// ``sentence(in:)``; programs go by its ``kind``.
public enum Change: Sendable, Hashable {
    /// One more bed in a unit on some days.
    case bed(UnitID, days: Range<Day>)
    /// A request may start later, up to a day.
    case wait(RequestID, latestStart: Day, daysLonger: Int)
    /// Victims go without a service that they need.
    case need(String, [VictimID])
    /// Victims may travel longer to their investigation, up to so many minutes.
    case travel(minutes: Int, [VictimID])
    /// A security level becomes allowed for victims, next to those that are.
    case security(level: Int, [VictimID])
    /// Victims need no longer avoid a region.
    case region(RegionID, [VictimID])
    /// Victims need no longer avoid a shelter.
    case shelter(ShelterID, [VictimID])
    /// Two victims may meet.
    case contact(VictimID, VictimID)
    /// Another request goes elsewhere or later.
    case otherRequest(RequestID)

    /// The stable codes of changes; `docs/reasons.md` lists them.
    public enum Kind: String, CaseIterable, Sendable {
        /// ``Change/bed(_:days:)``.
        case bed
        /// ``Change/wait(_:latestStart:daysLonger:)``.
        case wait
        /// ``Change/need(_:_:)``.
        case need
        /// ``Change/travel(minutes:_:)``.
        case travel
        /// ``Change/security(level:_:)``.
        case security
        /// ``Change/region(_:_:)`` and ``Change/shelter(_:_:)``.
        case avoid
        /// ``Change/contact(_:_:)``.
        case contact = "no-contact"
        /// ``Change/otherRequest(_:)``.
        case otherRequest = "other-request"

        /// Whether it gives up what protects somebody: it may get people hurt, and is never suggested first.
        public var isDangerous: Bool {
            switch self {
            case .security, .avoid, .contact: true
            case .bed, .wait, .need, .travel, .otherRequest: false
            }
        }
    }

    /// Its stable code.
    public var kind: Kind {
        switch self {
        case .bed: .bed
        case .wait: .wait
        case .need: .need
        case .travel: .travel
        case .security: .security
        case .region, .shelter: .avoid
        case .contact: .contact
        case .otherRequest: .otherRequest
        }
    }

    /// What it says, for people.
    public func sentence(in horizon: Horizon) -> Sentence {
        switch self {
        case .bed(let unit, let days):
            Sentence(
                english: "one more bed in \(unit) from \(horizon.date(of: days.lowerBound)) "
                    + "to \(horizon.date(of: days.upperBound))",
                dutch: "één plek meer in \(unit) van \(horizon.date(of: days.lowerBound)) "
                    + "tot \(horizon.date(of: days.upperBound))")
        case .wait(let request, let latest, let days):
            Sentence(
                english:
                    "\(request) may wait \(Words.days(days).english) longer, until \(Words.day(latest, horizon).english)",
                dutch:
                    "\(request) mag \(Words.days(days).dutch) langer wachten, tot en met \(Words.day(latest, horizon).dutch)"
            )
        case .need(let service, let victims):
            Sentence(
                english: "\(Words.list(victims)) without \(service)", dutch: "\(Words.list(victims)) zonder \(service)")
        case .travel(let minutes, let victims):
            Sentence(
                english: "\(Words.list(victims)) may travel up to \(minutes) minutes to the investigation",
                dutch: "\(Words.list(victims)) \(Self.mag(victims)) tot \(minutes) minuten reizen naar het onderzoek")
        case .security(let level, let victims):
            Sentence(
                english: "security level \(level) allowed for \(Words.list(victims))",
                dutch: "beveiligingsniveau \(level) toegestaan voor \(Words.list(victims))")
        case .region(let region, let victims):
            Sentence(
                english: "\(Words.list(victims)) no longer \(Self.avoids(victims)) region \(region)",
                dutch: "\(Words.list(victims)) \(Self.hoeft(victims)) regio \(region) niet meer te mijden")
        case .shelter(let shelter, let victims):
            Sentence(
                english: "\(Words.list(victims)) no longer \(Self.avoids(victims)) shelter \(shelter)",
                dutch: "\(Words.list(victims)) \(Self.hoeft(victims)) opvang \(shelter) niet meer te mijden")
        case .contact(let a, let b):
            Sentence(english: "\(a) and \(b) may meet", dutch: "\(a) en \(b) mogen elkaar ontmoeten")
        case .otherRequest(let request):
            Sentence(
                english: "\(request) goes elsewhere or at another time",
                dutch: "\(request) gaat ergens anders heen of op een ander moment")
        }
    }

    private static func avoids(_ victims: [VictimID]) -> String { victims.count == 1 ? "avoids" : "avoid" }

    private static func hoeft(_ victims: [VictimID]) -> String { victims.count == 1 ? "hoeft" : "hoeven" }

    private static func mag(_ victims: [VictimID]) -> String { victims.count == 1 ? "mag" : "mogen" }
}
