import CareChain
import Foundation
import Ledger
import NIOHTTP1
import Testing

@testable import API

/// Who is there in a care chain at noon on Monday 5 January 2026, when the desk is open: region north is coordinator
/// north's, and the law opens to everybody what the matrix does.
extension TestAPI {
    static let coordinator = Actor(role: .coordinator, id: "north")
    static let otherCoordinator = Actor(role: .coordinator, id: "south")
    static let otherShelter = Actor(role: .shelter, id: "s2")
    static let police = Actor(role: .police, id: "north")
    static let otherPolice = Actor(role: .police, id: "south")
    static let guardian = Actor(role: .guardian, id: "nidos")
    static let everybody = [
        desk, coordinator, otherCoordinator, shelter, otherShelter, police, otherPolice, guardian,
        Actor(role: .funder, id: "f"), Actor(role: .governor, id: "g"), Actor(role: .auditor, id: "a"), admin,
    ]

    /// Runs a test against a server of such a ledger.
    static func withCases(_ body: (TestAPI) async throws -> Void) async throws {
        try await with { api in
            try await api.prepareCases()
            try await body(api)
        }
    }

    /// Makes the ledger such a one.
    func prepareCases() async throws {
        let start = try #require(CalendarDate("2026-01-05"))
        try await ledger.add(Coverage(region: "north", coordinator: "north", from: start), by: TestAPI.desk)
        for role in [Role.desk, .coordinator, .shelter, .police, .guardian] {
            try await ledger.add(
                LegalBasis(
                    kind: .law, role: role, categories: DataCategory.allCases, from: start,
                    reference: "a law of the test"), as: .program(for: nil))
        }
        try await time("2026-01-05T12:00:00+01:00")
    }

    /// Lets it be an instant.
    func time(_ text: String) async throws {
        let instant: Date = try #require(Date(rfc3339: text))
        try await ledger.stand(at: instant)
    }

    /// Posts as an actor, to whatever version there is unless told.
    func post(
        _ path: String, _ json: String? = nil, as actor: Actor, version: String = "*", key: String? = nil
    ) async throws -> Reply {
        var headers = ["If-Match": version]
        headers["Idempotency-Key"] = key
        return try await send(.POST, "/v1/\(path)", as: try await token(actor), headers: headers, json: json)
    }

    /// Gets as an actor.
    func get(_ path: String, as actor: Actor) async throws -> Reply {
        try await send(.GET, "/v1/\(path)", as: try await token(actor))
    }

    /// A request of one new victim, `r-1` of request `r`.
    static func request(_ id: String, more: String = "") -> String {
        """
        {"id": "\(id)", "newVictims": [{"id": "\(id)-1", "profile": {"sex": "female", "birthDate": "1998-03-14",
         "phase": "reflection"}}], "urgency": "urgent", "neededFrom": "2026-01-05", "latestStart": "2026-01-12",
         "stayDays": 20, "region": "north"\(more)}
        """
    }

    static func offer(_ id: String, unit: String, more: String = "") -> String {
        """
        {"request": "\(id)", "stays": [{"victim": "\(id)-1", "unit": "\(unit)", "from": "2026-01-05",
         "until": "2026-01-25"}]\(more)}
        """
    }

    /// Makes a request and offers it a unit.
    func offered(_ id: String, unit: String) async throws -> Int {
        let made = try await post("requests", Self.request(id), as: Self.coordinator)
        #expect(made.status == 201, "\(made.text)")
        let offer = try await post("offers", Self.offer(id, unit: unit), as: Self.desk)
        #expect(offer.status == 201, "\(offer.text)")
        return try offer.decoded(OfferStep.self).offer
    }

    /// Makes a request and places it in a unit of shelter s1.
    func placed(_ id: String, unit: String) async throws {
        let offer = try await offered(id, unit: unit)
        let accepted = try await post("offers/\(offer)/accept", "{}", as: Self.shelter)
        #expect(try accepted.decoded(OfferStep.self).state == .accepted, "\(accepted.text)")
        let arrived = try await post("placements/\(id)/arrive", as: Self.shelter)
        #expect(arrived.status == 200, "\(arrived.text)")
    }
}
