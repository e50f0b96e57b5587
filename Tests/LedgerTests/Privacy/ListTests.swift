import CareChain
import Ledger
import Postgres
import TestSupport
import Testing

/// Every list, as every role: what the matrix opens is shown, and what it does not is refused in a sentence of ours, never
/// by the name of a table.
@Suite struct ListTests {
    private typealias List = @Sendable (Ledger, Actor) async throws -> Void

    private static let people = [Role.desk, .coordinator, .shelter, .police, .guardian]
    private static let reference = people + [.funder, .governor, .admin]

    /// What the commands list, and who sees something of it.
    private static let lists: [(name: String, seenBy: [Role], list: List)] = [
        ("request list", people, { _ = try await $0.requests(as: $1) }),
        ("request ready --blocked", people, { _ = try await $0.blockedBedDays(as: $1) }),
        ("offer list", people, { _ = try await $0.offers(openOnly: false, as: $1) }),
        ("placement list", people, { _ = try await $0.placements(as: $1) }),
        ("hold list", people, { _ = try await $0.holds(as: $1) }),
        ("action list", [.police], { _ = try await $0.actions(as: $1) }),
        ("action list of the desk", [.desk], { _ = try await $0.embargoedBeds(as: $1) }),
        ("night list", people, { _ = try await $0.nights(unconfirmedOnly: false, as: $1) }),
        ("overdue", people, { _ = try await $0.overdue(as: $1) }),
        ("capacity show", people + [.admin], { _ = try await $0.capacity(as: $1) }),
        ("capacity stale", people + [.admin], { _ = try await $0.capacity(staleOnly: true, as: $1) }),
        ("coverage list", reference, { _ = try await $0.coverages(as: .actor($1)) }),
        (
            "coverage gaps", reference,
            { _ = try await $0.coverageGaps(.care, from: FlowScene.day(0), until: FlowScene.day(9), as: .actor($1)) }
        ),
        ("coverage accountable", people, { _ = try await $0.accountability(as: .actor($1)) }),
        ("basis list", [.desk, .coordinator, .guardian, .auditor], { _ = try await $0.legalBases(as: .actor($1)) }),
        ("audit show", [.auditor], { _ = try await $0.audit(AuditFilter(), as: .actor($1)) }),
        ("audit alarms", [.auditor], { _ = try await $0.alarms(openOnly: false, as: .actor($1)) }),
    ]

    @Test func `No list is refused to whom it shows something, and others are told so in words`() async throws {
        try await CareScene.with { scene in
            for (name, seenBy, list) in Self.lists {
                for actor in Actor.all {
                    do {
                        try await list(scene.ledger, actor)
                        #expect(seenBy.contains(actor.role), "\(name) answers \(actor)")
                    } catch let error as LedgerError {
                        #expect(!seenBy.contains(actor.role), "\(name) as \(actor): \(error)")
                        #expect(!error.description.contains("permission denied"), "\(name) as \(actor): \(error)")
                        #expect(error.description.contains("\(actor)"), "\(name) as \(actor): \(error)")
                    }
                }
            }
        }
    }

    @Test func `A shelter sees which of its beds are held, and not for whom or why`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("r")
            let end = try await scene.ledger.pool.query("SELECT now() + interval '1000 days' AS at").one()
            let days = FlowScene.day(10)..<FlowScene.day(12)
            _ = try await scene.ledger.hold(
                in: "open", over: days, for: "r", purpose: "intake", endsAt: try end["at"], by: FlowScene.desk)
            _ = try await scene.ledger.planAction(
                [ActionNeed(bedType: .crisis, sex: .female, beds: 2)], over: days, endsAt: try end["at"],
                by: FlowScene.police)
            let own = try await scene.ledger.holds(as: FlowScene.shelter(of: "open"))
            #expect(own.map(\.unit) == ["open"])
            #expect(own.map(\.beds) == [1])
            #expect(own.allSatisfy { $0.request == nil && $0.purpose == nil && $0.owner == nil })
            // A hold of an action looks like any other.
            let secret = try await scene.ledger.holds(as: FlowScene.shelter(of: "night"))
            #expect(secret.map(\.beds) == [2])
            #expect(secret.allSatisfy { $0.request == nil && $0.purpose == nil && $0.owner == nil })
            #expect(try await scene.ledger.holds(as: FlowScene.shelter(of: "far")).isEmpty)
            // Whoever made a hold sees it, for a purpose too.
            _ = try await scene.ledger.hold(
                in: "far", over: days, purpose: "visit", endsAt: try end["at"], by: FlowScene.guardian)
            #expect(try await scene.ledger.holds(as: FlowScene.guardian).map(\.purpose) == ["visit"])
        }
    }
}
