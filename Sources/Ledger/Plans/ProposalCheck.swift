import CareChain

/// Adds proposals to what is decided, and says whether they still keep every rule.
struct ProposalCheck {
    /// A request with the stays that it could have.
    typealias Candidate = (request: RequestID, stays: [Stay])

    private let instance: Instance
    private var stays: [Stay]
    private var placed: Set<RequestID>

    private init(of instance: Instance) {
        self.instance = instance
        let fixed = instance.requests.filter(\.isFixed)
        stays = fixed.flatMap { FixedRule.stays(of: $0, in: instance) ?? [] }
        // Who waits to be moved is where they are until then.
        let waiting = instance.requests.filter { !$0.isFixed && $0.current != nil }
        placed = Set((fixed + waiting).map(\.id))
        for request in waiting {
            let end = request.end(startingOn: 0, horizonDays: instance.horizon.days)
            stays += (request.current ?? []).map {
                Stay(request: request.id, victim: $0.victim, unit: $0.unit, from: 0, until: end)
            }
        }
    }

    /// The candidates that cannot stand by now, each with a rule that it would break.
    ///
    /// Together they stand unless something has changed, even where one makes room for another by moving. Otherwise
    /// they are taken one by one, again and again while some still make room for others.
    static func broken(by candidates: [Candidate], in instance: Instance) throws -> [RequestID: RuleCode] {
        var check = ProposalCheck(of: instance)
        var left = candidates
        if try check.add(left) == nil { return [:] }
        var broken: [RequestID: RuleCode] = [:]
        var before = Int.max
        while left.count < before {
            before = left.count
            broken = [:]
            for proposal in left { broken[proposal.request] = try check.add([proposal]) }
            left = left.filter { broken[$0.request] != nil }
        }
        return broken
    }

    /// Adds proposals, unless they break a rule: that rule.
    private mutating func add(_ proposals: [Candidate]) throws -> RuleCode? {
        let requests = Set(proposals.map(\.request))
        let all = stays.filter { !requests.contains($0.request) } + proposals.flatMap(\.stays)
        let before = try verdict(on: stays, placed)
        let after = try verdict(on: all, placed.union(requests))
        // What those who wait to be moved break where they are is no fault of the proposals'. A verdict holds the first
        // violations only, so their number counts as well.
        let known = Set(before.violations.map(\.detail.english))
        if let violation = after.violations.first(where: { !known.contains($0.detail.english) }) {
            return violation.rule
        }
        if after.violationCount > before.violationCount { return after.rules.first }
        stays = all
        placed.formUnion(requests)
        return nil
    }

    private func verdict(on stays: [Stay], _ placed: Set<RequestID>) throws -> Verdict {
        let unplaced = instance.requests.filter { !placed.contains($0.id) }
        return try Referee.judge(
            Plan(
                instance: instance.name, stays: stays,
                unplaced: unplaced.map { Unplaced(request: $0.id, reasons: []) },
                funding: FundingRule.payments(of: stays, in: instance).periods),
            of: instance)
    }
}
