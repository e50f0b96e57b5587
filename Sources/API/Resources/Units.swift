import CareChain
import HTTPTypes
import Ledger

extension Operation {
    /// Units.
    static var units: [Operation] {
        [
            Operation(
                .get, "/v1/units", id: "listUnits", scope: "places:read", query: UnitQuery.self,
                content: PageBody<UnitBody>.self, problems: [.notAllowed]
            ) { call in
                let filter = UnitFilter(
                    shelter: call.query.shelter.map { ShelterID($0) }, region: call.query.region.map { RegionID($0) },
                    bedType: call.query.bedType)
                return Answer(
                    PageBody(try await call.ledger.units(filter, call.query.page(), as: call.actor), UnitBody.init))
            },
            Operation(
                .get, "/v1/units/{id}", id: "getUnit", scope: "places:read", content: UnitBody.self,
                problems: [.notAllowed]
            ) { call in
                Answer(UnitBody(try await call.ledger.unit(UnitID(call.path("id")), as: call.actor)))
            },
        ]
    }
}

struct UnitQuery: Codable, Sendable, PageQuery {
    let shelter: String?
    let region: String?
    let bedType: BedType?
    let limit: Int?
    let cursor: String?
}

struct UnitBody: Codable, Sendable {
    let id: String
    let shelter: String
    let region: String
    let bedType: BedType
    let sexes: [Sex]
    let minAge: Int?
    let maxAge: Int?
    let phases: [Phase]?
    let services: [String]
    let mixing: Mixing
    let exclusive: Bool
    let minGroup: Int
    let maxGroup: Int?
    let countBy: CountBy
    let maxStayDays: Int?
    let beds: Int

    init(_ unit: UnitRecord) {
        id = unit.id
        shelter = unit.shelter
        region = unit.region
        bedType = unit.bedType
        sexes = unit.sexes
        minAge = unit.minAge
        maxAge = unit.maxAge
        phases = unit.phases
        services = unit.services
        mixing = unit.mixing
        exclusive = unit.exclusive
        minGroup = unit.minGroup
        maxGroup = unit.maxGroup
        countBy = unit.countBy
        maxStayDays = unit.maxLegDays
        beds = unit.beds
    }
}
