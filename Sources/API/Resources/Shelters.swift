import CareChain
import HTTPTypes
import Ledger

extension Operation {
    /// Shelters.
    static var shelters: [Operation] {
        [
            Operation(
                .get, "/v1/shelters", id: "listShelters", scope: "places:read", query: ShelterQuery.self,
                content: Page<ShelterBody>.self, problems: [.notAllowed]
            ) { call in
                let size = try call.query.size()
                let found = try await call.ledger.shelters(
                    in: call.query.region.map { RegionID($0) }, after: try call.query.position()?[0], limit: size + 1,
                    as: call.actor)
                return Answer(Page(found.map(ShelterBody.init), size: size) { [$0.id] })
            },
            Operation(
                .get, "/v1/shelters/{id}", id: "getShelter", scope: "places:read", content: ShelterBody.self,
                problems: [.notAllowed]
            ) { call in
                Answer(ShelterBody(try await call.ledger.shelter(ShelterID(call.path("id")), as: call.actor)))
            },
        ]
    }
}

struct ShelterQuery: Codable, Sendable, PageQuery {
    let region: String?
    let limit: Int?
    let cursor: String?
}

struct ShelterBody: Codable, Sendable {
    let id: String
    let name: String?
    let region: String
    let security: Int
    let services: [String]
    let placementAuthority: String?

    init(_ shelter: ShelterRecord) {
        id = shelter.id
        name = shelter.name
        region = shelter.region
        security = shelter.security
        services = shelter.services
        placementAuthority = shelter.placementAuthority
    }
}
