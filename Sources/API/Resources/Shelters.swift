import CareChain
import HTTPTypes
import Ledger

extension Operation {
    /// Shelters.
    static var shelters: [Operation] {
        [
            Operation(
                .get, "/v1/shelters", id: "listShelters", scope: "places:read", query: ShelterQuery.self,
                content: PageBody<ShelterBody>.self, problems: [.notAllowed]
            ) { call in
                let found = try await call.ledger.shelters(
                    in: call.query.region.map { RegionID($0) }, call.query.page(), as: call.actor)
                return Answer(PageBody(found, ShelterBody.init))
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
