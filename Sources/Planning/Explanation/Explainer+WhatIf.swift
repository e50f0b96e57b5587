public import CareChain
public import LinearProgramming

/// What becomes of a request when one thing is decided otherwise.
public struct WhatIf: Sendable, Equatable {
    /// What is decided otherwise.
    public let change: Change
    /// The cheapest plan found of the changed instance in which the request has a place; nil: none was found even so.
    public let consequence: Consequence?
    /// Whether the clock or an interrupt ended the search, so that there may be better ones.
    public let isCut: Bool
}

extension Explainer {
    /// Tries one change: where the request would be, what the plan would cost, and who would go elsewhere for it.
    ///
    /// - Throws: ``ExplanationError``; `decided` for a request about which people have decided; `impossible` for a change
    ///   that the instance does not allow, or with which the plan explained would be none any more.
    public func whatIf(
        _ change: Change, for request: RequestID, interrupt: Interrupt = Interrupt()
    ) throws(ExplanationError) -> WhatIf {
        guard instance.requestIndex[request] != nil else { throw .unknownRequest(request) }
        guard let r = place(of: request) else { throw .decided(request) }
        let changed = try state(after: change)
        var pricing = Pricing(changed.situation)
        let beside = changed.ways(of: r, &pricing, most: 1).map { changed.choosing($0) }
        let (cheapest, cut) = try makingRoom(
            for: r, in: changed, knowing: (changed.chosen[r] == nil ? [] : [changed]) + beside, interrupt)
        return WhatIf(
            change: change, consequence: try cheapest?.consequence(for: r, against: state, options), isCut: cut)
    }

    /// The plan as it is, on the changed instance.
    private func state(after change: Change) throws(ExplanationError) -> PlanState {
        let changed: Instance
        do {
            changed = try instance.changed(by: [change])
        } catch {
            throw .impossible(error)
        }
        return try Explainer(plan, of: changed, options: options).state
    }
}
