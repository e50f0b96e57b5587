import CareChain
import Foundation
import HTTPTypes
package import Ledger

extension Operation {
    /// Placement requests, from the referral to the way out.
    static var requests: [Operation] {
        [
            Operation(
                .get, "/v1/requests", id: "listRequests", scope: "requests:read", query: RequestQuery.self,
                content: PageBody<RequestBody>.self
            ) { call in
                Answer(
                    PageBody(
                        try await call.ledger.requests(call.query.filter, call.query.page(), as: call.actor),
                        RequestBody.init))
            },
            Operation(
                .get, "/v1/requests/{id}", id: "getRequest", scope: "requests:read", content: RequestDetail.self
            ) { call in
                let request = try await call.ledger.request(RequestID(call.path("id")), as: call.actor)
                return Answer(RequestDetail(request), version: Version(request.summary.version))
            },
            Operation(
                .post, "/v1/requests", id: "makeRequest", scope: "requests:write", body: RequestMaking.self,
                content: RequestStep.self, success: .created, takesKey: true
            ) { call in
                let new = try call.body.request()
                let state = try await call.ledger.add(new, by: call.actor, key: call.key)
                return Answer(RequestStep(request: new.id.text, state: state), location: new.id.location)
            },
            Operation(
                .post, "/v1/requests/{id}/submit", id: "submitRequest", scope: "requests:write",
                content: RequestStep.self, takesKey: true, needsVersion: true
            ) { call in
                let id = try await call.seenRequest()
                try await call.ledger(expecting: .request(id)).submit(id, by: call.actor, key: call.key)
                return try await call.answer(to: id)
            },
            Operation(
                .post, "/v1/requests/{id}/withdraw", id: "withdrawRequest", scope: "requests:write",
                body: Reason.self, content: RequestStep.self, takesKey: true, needsVersion: true
            ) { call in
                let id = try await call.seenRequest()
                try await call.ledger(expecting: .request(id)).withdraw(
                    id, reason: call.body.reason, by: call.actor, key: call.key)
                return try await call.answer(to: id)
            },
            Operation(
                .get, "/v1/blocked-bed-days", id: "getBlockedBedDays", scope: "requests:read",
                content: BlockedBedDaysBody.self
            ) { call in
                Answer(BlockedBedDaysBody(try await call.ledger.blockedBedDays(as: call.actor)))
            },
            Operation(
                .post, "/v1/requests/{id}/ready", id: "recordOutflow", scope: "requests:write",
                body: OutflowBody.self, content: RequestStep.self, takesKey: true, needsVersion: true
            ) { call in
                let id = try await call.seenRequest()
                try await call.ledger(expecting: .request(id)).recordOutflow(
                    of: id, call.body.steps, by: call.actor, key: call.key)
                return try await call.answer(to: id)
            },
        ]
    }
}

extension Call {
    /// What a step on a request answers: where it is now, as far as the caller still sees it.
    func answer(to id: RequestID) async throws -> Answer<RequestStep> {
        do {
            let now = try await ledger.summary(of: id, as: actor)
            return Answer(RequestStep(request: id.text, state: now.state), version: Version(now.version))
        } catch LedgerError.noSuch {
            return Answer(RequestStep(request: id.text, state: nil))
        }
    }
}

extension RequestID {
    /// The address of the request.
    var location: String { "/v1/requests/" + text.percentEncoded }
}

struct RequestQuery: Codable, Sendable, PageQuery {
    let state: [RequestState]?
    let region: String?
    let urgency: Urgency?
    let victim: String?
    let overdue: Bool?
    let limit: Int?
    let cursor: String?

    var filter: RequestFilter {
        RequestFilter(
            states: state ?? [], region: region.map { RegionID($0) }, urgency: urgency,
            victim: victim.map { VictimID($0) }, overdueOnly: overdue ?? false)
    }
}

/// Why.
struct Reason: Codable, Sendable {
    let reason: String
}

/// What came of a step on a request.
package struct RequestStep: Codable, Sendable {
    package let request: String
    /// Nil: the caller sees it no more.
    package let state: RequestState?
}

/// A request that comes in.
struct RequestMaking: Codable, Sendable {
    let id: String
    let victims: [String]?
    let newVictims: [VictimMaking]?
    let together: Together?
    let urgency: Urgency
    let neededFrom: CalendarDate
    let latestStart: CalendarDate
    let stayDays: Int
    let region: String?
    let preferredRegion: String?
    let referredBy: String?
    let draft: Bool?

    /// - Throws: ``Problem`` with the field.
    func request() throws(Problem) -> NewRequest {
        let new = try VictimMaking.victims(newVictims ?? [])
        let all = try VictimMaking.together(victims, new)
        guard (1...1_000_000_000).contains(stayDays) else {
            throw .invalid("/stayDays", english: "a stay has 1 day or more", dutch: "een verblijf duurt 1 dag of meer")
        }
        guard neededFrom <= latestStart else {
            throw .invalid(
                "/latestStart", english: "latestStart is neededFrom or later",
                dutch: "latestStart is neededFrom of later")
        }
        let referrer = referredBy.flatMap { Actor($0) }
        guard referredBy == nil || referrer != nil else {
            throw .invalid(
                "/referredBy", english: "who refers is ROLE/ID", dutch: "wie aanmeldt is ROL/AANDUIDING")
        }
        return NewRequest(
            id: RequestID(id), victims: all, newVictims: new, together: together ?? .unit, urgency: urgency,
            neededFrom: neededFrom, latestStart: latestStart, stayDays: stayDays, region: region.map { RegionID($0) },
            preferredRegion: preferredRegion.map { RegionID($0) }, referredBy: referrer, draft: draft ?? false)
    }
}

/// A victim whom the ledger does not know yet.
struct VictimMaking: Codable, Sendable {
    let id: String
    let profile: BedSearch.Profile
    let registeredIn: String?
    let guardian: String?
    let courtOrderUntil: CalendarDate?

    /// - Throws: ``Problem`` with the field.
    static func victims(_ list: [VictimMaking]) throws(Problem) -> [NewVictim] {
        var victims: [NewVictim] = []
        for (index, new) in list.enumerated() {
            let victim = try new.profile.victim(
                VictimID(new.id), registeredIn: new.registeredIn.map { RegionID($0) },
                at: "/newVictims/\(index)/profile")
            victims.append(NewVictim(victim: victim, guardian: new.guardian, courtOrderUntil: new.courtOrderUntil))
        }
        return victims
    }

    /// Those who are known with those who are new.
    ///
    /// - Throws: ``Problem`` with the field.
    static func together(_ known: [String]?, _ new: [NewVictim]) throws(Problem) -> [VictimID] {
        let all = (known ?? []).map { VictimID($0) } + new.map(\.victim.id)
        guard (1...50).contains(all.count) else {
            throw .invalid("/victims", english: "there are 1 to 50 victims", dutch: "er zijn 1 tot 50 slachtoffers")
        }
        return all
    }
}

/// Steps on the way out.
struct OutflowBody: Codable, Sendable {
    let readySince: CalendarDate?
    let passReceived: CalendarDate?
    let registered: CalendarDate?
    let houseFound: CalendarDate?
    let blockedBy: String?
    let unblocked: Bool?

    var steps: OutflowSteps {
        var steps = OutflowSteps()
        steps.readySince = readySince
        steps.passReceived = passReceived
        steps.registered = registered
        steps.houseFound = houseFound
        steps.blockedBy = blockedBy
        steps.unblocked = unblocked ?? false
        return steps
    }
}
