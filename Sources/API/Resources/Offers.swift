package import CareChain
package import Foundation
import HTTPTypes
package import Ledger

extension Operation {
    /// Beds offered for requests, and the answers.
    static var offers: [Operation] {
        [
            Operation(
                .get, "/v1/offers", id: "listOffers", scope: "offers:read", query: OfferQuery.self,
                content: PageBody<OfferBody>.self
            ) { call in
                Answer(
                    PageBody(
                        try await call.ledger.offers(call.query.filter, call.query.page(), as: call.actor),
                        OfferBody.init))
            },
            Operation(
                .get, "/v1/offers/{id}", id: "getOffer", scope: "offers:read", content: OfferBody.self
            ) { call in
                let offer = try await call.ledger.offer(call.number(), as: call.actor)
                return Answer(OfferBody(offer), version: Version(offer.version))
            },
            Operation(
                .post, "/v1/offers", id: "makeOffer", scope: "offers:write", body: OfferMaking.self,
                content: OfferStep.self, success: .created, takesKey: true, problems: [.notFound]
            ) { call in
                let request = RequestID(call.body.request)
                let stays = try call.body.offeredStays()
                let overrides = (call.body.overrides ?? []).map(\.ruleOverride)
                try await call.see { ledger, actor throws(LedgerError) in
                    _ = try await ledger.summary(of: request, as: actor)
                }
                let answer = try await call.givingBeds(for: request) {
                    try await call.ledger.offer(
                        stays, for: request, overrides: overrides, by: call.actor, key: call.key)
                }
                return try await call.answer(to: answer)
            },
            Operation(
                .post, "/v1/offers/{id}/accept", id: "acceptOffer", scope: "offers:write", body: Acceptance.self,
                content: OfferStep.self, takesKey: true, needsVersion: true
            ) { call in
                let (id, request) = try await call.seenOffer()
                let answer = try await call.givingBeds(for: request) {
                    try await call.ledger(expecting: .offer(id)).approve(
                        id, note: call.body.note, by: call.actor, key: call.key)
                }
                return try await call.answer(to: answer)
            },
            Operation(
                .post, "/v1/offers/{id}/decline", id: "declineOffer", scope: "offers:write", body: Declining.self,
                content: OfferStep.self, takesKey: true, needsVersion: true
            ) { call in
                let (id, _) = try await call.seenOffer()
                return try await call.answer(
                    to: try await call.ledger(expecting: .offer(id)).decline(
                        id, victim: call.body.victim ?? false, reason: call.body.reason, by: call.actor, key: call.key))
            },
            Operation(
                .post, "/v1/offers/{id}/second", id: "secondOffer", scope: "offers:write", body: Seconding.self,
                content: OfferBody.self, takesKey: true, needsVersion: true
            ) { call in
                let (id, _) = try await call.seenOffer()
                try await call.ledger(expecting: .offer(id)).second(
                    call.body.rule, of: id, by: call.actor, key: call.key)
                let offer = try await call.ledger.offer(id, as: call.actor)
                return Answer(OfferBody(offer), version: Version(offer.version))
            },
        ]
    }
}

extension Call {
    /// Looks at the offer that the path names.
    ///
    /// - Returns: Its number and its request; nil: the caller sees it no more.
    /// - Throws: ``LedgerError``; `noSuch`.
    fileprivate func seenOffer() async throws -> (id: Int, request: RequestID?) {
        let id = try number()
        var request: RequestID?
        try await see { ledger, actor throws(LedgerError) in
            request = RequestID(try await ledger.offer(id, as: actor).request)
        }
        return (id, request)
    }

    /// What a step on an offer answers, with its version as far as the caller still sees it.
    func answer(to answer: OfferAnswer) async throws -> Answer<OfferStep> {
        var version: Version?
        do {
            version = Version(try await ledger.offer(answer.offer, as: actor).version)
        } catch LedgerError.noSuch {}
        return Answer(OfferStep(answer), version: version, location: "/v1/offers/\(answer.offer)")
    }

    /// Makes a step that gives beds; where rules forbid it, who may search is told which units would do instead.
    func givingBeds<Outcome: Sendable>(
        for request: RequestID?, _ step: () async throws -> Outcome
    ) async throws -> Outcome {
        do {
            return try await step()
        } catch {
            var problem = Problem(error)
            let areAboutBeds = problem.rules.contains {
                RuleCode(rawValue: $0.rule) != nil || RuleOverride.soft.contains($0.rule)
            }
            guard areAboutBeds, let request else { throw error }
            let found = try? await ledger.find(for: .request(request), over: nil, as: actor)
            problem.alternatives = (found ?? []).filter(\.isSuitable).prefix(5).map(\.unit)
            throw problem
        }
    }
}

struct OfferQuery: Codable, Sendable, PageQuery {
    let all: Bool?
    let request: String?
    let shelter: String?
    let limit: Int?
    let cursor: String?

    var filter: OfferFilter {
        OfferFilter(
            openOnly: !(all ?? false), request: request.map { RequestID($0) }, shelter: shelter.map { ShelterID($0) })
    }
}

struct OfferMaking: Codable, Sendable {
    let request: String
    let stays: [OfferedStayBody]
    let overrides: [OverrideBody]?

    /// - Throws: ``Problem`` with the field.
    func offeredStays() throws(Problem) -> [OfferedStay] {
        guard (1...200).contains(stays.count) else {
            throw .invalid("/stays", english: "there are 1 to 200 stays", dutch: "er zijn 1 tot 200 verblijven")
        }
        for (index, stay) in stays.enumerated() where stay.from >= stay.until {
            throw .invalid(
                "/stays/\(index)/until", english: "until must be after from", dutch: "until moet na from zijn")
        }
        return stays.map {
            OfferedStay(victim: VictimID($0.victim), unit: UnitID($0.unit), from: $0.from, until: $0.until)
        }
    }
}

package struct OfferedStayBody: Codable, Sendable {
    package let victim: String
    package let unit: String
    package let from: CalendarDate
    package let until: CalendarDate
}

/// Why somebody places against a rule.
struct OverrideBody: Codable, Sendable {
    let rule: String
    let reason: String
    let legalBasis: String?

    var ruleOverride: RuleOverride { RuleOverride(rule: rule, reason: reason, legalBasis: legalBasis) }
}

struct Acceptance: Codable, Sendable {
    let note: String?
}

struct Declining: Codable, Sendable {
    let reason: String
    let victim: Bool?
}

struct Seconding: Codable, Sendable {
    let rule: String
}

package struct ApprovalBody: Codable, Sendable {
    package let subject: String
    package let approval: String
    package let roles: [Role]

    init(_ approval: MissingApproval) {
        subject = approval.subject
        self.approval = approval.approval
        roles = approval.roles
    }
}

/// What came of a step on an offer.
package struct OfferStep: Codable, Sendable {
    package let offer: Int
    package let state: OfferState
    package let missing: [ApprovalBody]

    package init(_ answer: OfferAnswer) {
        offer = answer.offer
        state = answer.state
        missing = answer.missing.map(ApprovalBody.init)
    }
}

package struct OfferBody: Codable, Sendable {
    package let id: Int
    package let version: Int
    package let request: String
    package let kind: String
    package let state: OfferState
    package let madeAt: Date
    package let madeBy: String
    package let answerBy: Date
    package let stays: [OfferedStayBody]
    package let missing: [ApprovalBody]
    package let side: String?
    package let reason: String?
    package let overrides: [String]

    init(_ offer: OfferRecord) {
        id = offer.id
        version = offer.version
        request = offer.request
        kind = offer.kind
        state = offer.state
        madeAt = offer.madeAt
        madeBy = offer.madeBy
        answerBy = offer.answerBy
        stays = offer.stays.map {
            OfferedStayBody(victim: $0.victim, unit: $0.unit, from: $0.from, until: $0.until)
        }
        missing = offer.missing.map(ApprovalBody.init)
        side = offer.side
        reason = offer.reason
        overrides = offer.overrides
    }
}
