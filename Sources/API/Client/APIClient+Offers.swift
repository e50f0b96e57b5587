package import CareChain
package import Ledger

extension APIClient {
    /// Offers beds for a request.
    package func offer(
        _ stays: [OfferedStay], for request: RequestID, overrides: [RuleOverride], key: String?
    ) async throws -> OfferStep {
        try await post(
            ["offers"],
            OfferMaking(
                request: request.text,
                stays: stays.map { OfferedStayBody(victim: $0.victim, unit: $0.unit, from: $0.from, until: $0.until) },
                overrides: overrides.map { OverrideBody(rule: $0.rule, reason: $0.reason, legalBasis: $0.legalBasis) }),
            key: key)
    }

    /// Offers, the next to expire first.
    package func offers(openOnly: Bool) async throws -> [OfferBody] {
        try await list(["offers"], [("all", openOnly ? nil : "true")])
    }

    /// Gives the approvals that are the caller's.
    package func accept(_ offer: Int, note: String?, key: String?) async throws -> OfferStep {
        try await post(["offers", String(offer), "accept"], Acceptance(note: note), key: key)
    }

    /// Declines an offer.
    package func decline(_ offer: Int, victim: Bool, reason: String, key: String?) async throws -> OfferStep {
        try await post(["offers", String(offer), "decline"], Declining(reason: reason, victim: victim), key: key)
    }

    /// Agrees, as the second person, that a rule is overridden.
    package func second(_ rule: String, of offer: Int, key: String?) async throws -> OfferBody {
        try await post(["offers", String(offer), "second"], Seconding(rule: rule), key: key)
    }
}
