import CareChain
import Foundation
import HTTPTypes
import Ledger

extension Operation {
    /// The beds that are free, for whomever.
    static var availability: [Operation] {
        [
            Operation(
                .get, "/v1/availability", id: "listAvailability", scope: "beds:read", query: AvailabilityQuery.self,
                content: PageBody<AvailabilityBody>.self, problems: [.notAllowed]
            ) { call in
                let filter = UnitFilter(
                    shelter: call.query.shelter.map { ShelterID($0) }, region: call.query.region.map { RegionID($0) },
                    bedType: call.query.bedType)
                let found = try await call.ledger.freeBeds(
                    over: try call.query.days(), filter, atLeast: try call.query.least(), call.query.page(),
                    as: call.actor)
                return Answer(PageBody(found, AvailabilityBody.init))
            }
        ]
    }
}

struct AvailabilityQuery: Codable, Sendable, PageQuery {
    let from: CalendarDate?
    let until: CalendarDate?
    let free: Int?
    let shelter: String?
    let region: String?
    let bedType: BedType?
    let limit: Int?
    let cursor: String?

    /// - Throws: `badParameter`
    func least() throws(Problem) -> Int {
        guard (0...1_000_000_000).contains(free ?? 1) else {
            throw Problem(
                .badParameter, english: "free beds are 0 to 1000000000", dutch: "vrije bedden zijn er 0 tot 1000000000",
                parameter: "free")
        }
        return free ?? 1
    }

    /// - Throws: `badParameter`
    func days() throws(Problem) -> Range<CalendarDate>? {
        switch (from, until) {
        case (nil, nil): return nil
        case (let from?, let until?) where from < until: return from..<until
        default:
            throw Problem(
                .badParameter, english: "from and until go together, and from is before until",
                dutch: "from en until horen bij elkaar, en from is voor until", parameter: "until")
        }
    }
}

struct AvailabilityBody: Codable, Sendable {
    let unit: String
    let shelter: String
    let region: String
    let bedType: BedType
    let free: Int
    let observedAt: Date?
    let ageHours: Double?
    let stale: Bool

    init(_ beds: FreeBeds) {
        unit = beds.unit
        shelter = beds.shelter
        region = beds.region
        bedType = beds.bedType
        free = beds.free
        observedAt = beds.observedAt
        ageHours = beds.ageHours
        stale = beds.stale
    }
}
