import CareChain
import LinearProgramming

/// Finds what could be changed so that a request without a place has one: every idea is tried with all others left as
/// they are, and around the best ones the plan is made anew.
struct UnlockSearch {
    let state: PlanState
    let r: Int
    let options: PlanningOptions
    let interrupt: Interrupt
    /// What a place costs without any change; nil when there is none.
    let costAsItIs: Int?
    /// Whether it is proven that no plan costs less than the one explained.
    let isProven: Bool
    private(set) var isCut = false

    /// The most suggestions of one kind of change, and of safe and of dangerous changes in all.
    private static let mostOfAKind = 2
    private static let mostSuggestions = 5
    private static let mostDangerous = 2

    init(
        _ state: PlanState, placing r: Int, costAsItIs: Int?, isProven: Bool, _ options: PlanningOptions,
        _ interrupt: Interrupt
    ) {
        self.state = state
        self.r = r
        self.costAsItIs = costAsItIs
        self.isProven = isProven
        self.options = options
        self.interrupt = interrupt
    }

    mutating func unlocking(_ search: ObstacleSearch) throws(ExplanationError) -> Unlocking {
        let ideas = Ideas(state, for: r, search)
        let trials = Trials(state, placing: r)
        var found = tried(ideas.single.map { [$0] }, trials)
        let replans = try !isBettered()
        let displaced = replans ? try othersMoved() : nil
        if let displaced, displaced.changes.count == 1 { found.append(displaced) }
        var safe = Self.best(found.filter { !Self.isDangerous($0) }, Self.mostSuggestions)
        var dangerous = Self.best(found.filter(Self.isDangerous), Self.mostDangerous)
        if safe.isEmpty {
            var pairs = tried(ideas.pairs.filter { !$0.contains(where: \.isDangerous) }, trials)
            if let displaced, displaced.changes.count == 2 { pairs.append(displaced) }
            safe = Self.best(pairs, 1)
        }
        if safe.isEmpty, dangerous.isEmpty {
            dangerous = Self.best(tried(ideas.pairs.filter { $0.contains(where: \.isDangerous) }, trials), 1)
        }
        let count = safe.count + dangerous.count
        var suggestions: [Unlocking.Suggestion] = []
        for (n, trial) in (safe + dangerous).enumerated() {
            suggestions.append(try suggestion(of: trial, replans: replans, share: 1 / Double(count - n)))
        }
        func sorted(_ suggestions: some Sequence<Unlocking.Suggestion>) -> [Unlocking.Suggestion] {
            suggestions.sorted { $0.consequence.objectiveChange < $1.consequence.objectiveChange }
        }
        return Unlocking(
            suggestions: sorted(suggestions.prefix(safe.count)), dangerous: sorted(suggestions.dropFirst(safe.count)))
    }

    private static func isDangerous(_ trial: Trial) -> Bool { trial.changes.contains { $0.kind.isDangerous } }

    private mutating func tried(_ ideas: [[Idea]], _ trials: Trials) -> [Trial] {
        let isOver: @Sendable () -> Bool = { [interrupt, options] in
            interrupt.isRequested || options.secondsLeft?() ?? 1 <= 0
        }
        let tried: [(isSkipped: Bool, trial: Trial?)] = ideas.concurrentMap {
            isOver() ? (true, nil) : (false, trials.trial(of: $0))
        }
        if tried.contains(where: \.isSkipped) { isCut = true }
        return tried.compactMap(\.trial).filter { $0.value < costAsItIs ?? .max }
    }

    /// The cheapest, few of each kind. Equals stay in the order in which they were tried.
    private static func best(_ trials: [Trial], _ most: Int) -> [Trial] {
        var best: [Trial] = []
        let order = trials.indices.sorted { (trials[$0].value, $0) < (trials[$1].value, $1) }
        for trial in order.map({ trials[$0] }) where best.count < most {
            let kinds = trial.changes.map(\.kind)
            if best.contains(where: { $0.changes == trial.changes }) { continue }
            if best.count(where: { $0.changes.map(\.kind) == kinds }) < mostOfAKind { best.append(trial) }
        }
        return best
    }

    /// Whether planning anew betters the plan without the request by more than a tenth of what its place is worth: then
    /// it would not tell what a change does, and all others are left where they are.
    private mutating func isBettered() throws(ExplanationError) -> Bool {
        if isProven { return false }
        let (found, cut) = try Replanning(options: options, interrupt: interrupt).state(
            from: state, placing: r, isAbsent: true, share: 0.3)
        if cut { isCut = true }
        guard !cut, let found = found?.sparing(others: state, but: r) else { return true }
        return state.value - found.cost(sparing: state, but: r) > state.requests[r].unplacedPoints / 10
    }

    /// The requests of the plan on a changed instance, of which only the one that it was changed for is looked at anew.
    private func unmoved(in instance: Instance) -> PlanState {
        let situation = Situation(instance)
        var requests = state.requests
        requests[r] = OpenRequest(requests[r].place, in: situation)
        return PlanState(
            situation: situation, requests: requests, chosen: .init(repeating: nil, count: requests.count))
    }

    /// A place that others make without losing theirs, when no more than two of them move for it.
    private mutating func othersMoved() throws(ExplanationError) -> Trial? {
        let (found, cut) = try Replanning(options: options, interrupt: interrupt).state(
            from: state, placing: r, share: 0.2)
        if cut { isCut = true }
        guard let found = found?.sparing(others: state, but: r), found.value < costAsItIs ?? .max else { return nil }
        let moved = state.requests.indices.filter { $0 != r && found.stays(of: $0) != state.stays(of: $0) }
        if !(1...2).contains(moved.count) || moved.contains(where: { found.chosen[$0] == nil }) { return nil }
        if moved.contains(where: { state.chosen[$0] == nil }) { return nil }
        return Trial(
            changes: moved.map { .otherRequest(state.requests[$0].request.id) }, value: found.value,
            stays: ([r] + moved).flatMap { found.stays(of: $0) })
    }

    /// The plan of a trial, or a cheaper one of the same changed instance.
    private mutating func suggestion(of trial: Trial, replans: Bool, share: Double) throws(ExplanationError)
        -> Unlocking.Suggestion
    {
        let instance: Instance
        do {
            instance = try state.instance.changed(by: trial.changes)
        } catch {
            throw .planning(.selfCheck("\(error)"))
        }
        let others = state.requests.indices.flatMap { state.stays(of: $0) }.filter { stay in
            !trial.stays.contains { $0.request == stay.request }
        }
        let plan = Plan(instance: instance.name, stays: others + trial.stays)
        var best = try replans ? PlanState(plan, of: instance) : unmoved(in: instance).following(plan)
        // Where another request makes room, no more than that is told.
        if replans, !trial.changes.contains(where: { $0.kind == .otherRequest }) {
            let (found, cut) = try Replanning(options: options, interrupt: interrupt).state(
                from: best, placing: r, share: share)
            if cut { isCut = true }
            if let found = found?.sparing(others: best, but: r),
                found.cost(sparing: best, but: r) < best.value, try !isPlanAsItIs(found)
            {
                best = found
            }
        }
        return Unlocking.Suggestion(
            changes: trial.changes.map { shortened($0, in: best) },
            consequence: try best.consequence(for: r, against: state, options))
    }

    /// Whether a plan made with a change does without it.
    private func isPlanAsItIs(_ found: PlanState) throws(ExplanationError) -> Bool {
        let stays = state.situation.fixedStays + found.requests.indices.flatMap { found.stays(of: $0) }
        let plan = Plan(
            instance: state.instance.name, stays: stays,
            unplaced: found.requests.indices.filter { found.chosen[$0] == nil }.map {
                Unplaced(request: found.requests[$0].request.id, reasons: [])
            }, funding: FundingRule.payments(of: stays, in: state.instance).periods)
        do {
            return try Referee.judge(plan, of: state.instance).isFeasible
        } catch {
            throw .notItsPlan(error)
        }
    }

    /// A wait no longer than a plan makes it, which may have found an earlier day than was tried.
    private func shortened(_ change: Change, in best: PlanState) -> Change {
        guard case .wait(let request, _, _) = change, let start = best.chosen[r]?.start else { return change }
        let latest = state.requests[r].request.latestStart
        return Day(start) > latest ? .wait(request, latestStart: Day(start), daysLonger: Day(start) - latest) : change
    }
}

extension PlanState {
    /// What this state means against another one of the same requests.
    func consequence(
        for r: Int, against before: PlanState, _ options: PlanningOptions
    ) throws(ExplanationError) -> Consequence {
        let others = requests.indices.filter { $0 != r && stays(of: $0) != before.stays(of: $0) }.map {
            Consequence.Displaced(
                request: requests[$0].request.id, before: before.stays(of: $0), after: stays(of: $0))
        }
        return Consequence(
            plan: try plan(options), objectiveChange: value - before.value, stays: stays(of: r), others: others)
    }
}
