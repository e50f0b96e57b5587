import CareChain
import LinearProgramming

/// Plans again around one request that must have a place.
struct Replanning {
    let options: PlanningOptions
    let interrupt: Interrupt

    /// Who may go elsewhere for the request.
    enum Reach {
        /// Those whom it can touch itself: in the units where it might be, or whom its victims must not meet. All others stay
        /// as they are.
        case near
        /// Everybody: who makes room for it may need room that others make. Planning begins at the prices of a plan.
        case everybody(startingFrom: Plan)
    }

    /// A cheaper or possible state in which a request has a place, as far as one is found.
    ///
    /// - Parameters:
    ///   - state: Where all are, whether or not the request has a place.
    ///   - narrowed: What the request may choose from, where that is less than it might.
    ///   - isAbsent: Whether the request is left without a place instead.
    ///   - reach: Who may go elsewhere for it.
    ///   - share: The part of the time left that may be used.
    func state(
        from state: PlanState, placing r: Int, as narrowed: OpenRequest? = nil, isAbsent: Bool = false,
        reach: Reach = .near, share: Double
    ) throws(ExplanationError) -> (state: PlanState?, cut: Bool) {
        let request = narrowed ?? state.requests[r]
        var requests = state.requests
        // More than any other plan could save by leaving it without a place.
        let pressure = 2 * (1 + state.requests.reduce(0) { $0 + $1.unplacedPoints })
        requests[r] = isAbsent ? requests[r].kept(on: nil) : request.pressed(by: pressure)
        var previous: PreviousPlan?
        switch reach {
        case .near: keep(&requests, of: state, apartFrom: r, as: request)
        case .everybody(let plan): previous = PreviousPlan(plan, state.situation, requests)
        }
        var options = options
        if let left = options.secondsLeft {
            let until = left() * (1 - share)
            options.secondsLeft = { left() - until }
        }
        do {
            let plan = try Planner(state.instance, options: options).plan(
                requests, in: state.situation, from: previous, interrupt: interrupt)
            return (try state.following(plan), plan.solver?.cut ?? false)
        } catch let error as PlanningError {
            if case .noPlace = error { return (nil, false) }
            throw .planning(error)
        } catch let error as ExplanationError {
            throw error
        } catch {
            throw .planning(.solver("\(error)"))
        }
    }

    /// Keeps those where they are whom a request cannot touch itself.
    private func keep(_ requests: inout [OpenRequest], of state: PlanState, apartFrom r: Int, as request: OpenRequest) {
        let touched = Self.units(request)
        let feared = state.feared(by: request)
        for (n, other) in requests.enumerated() where n != r && feared.isDisjoint(with: other.victims) {
            if let trajectory = state.chosen[n] {
                let isTouched = trajectory.legs.contains { leg in leg.units.contains { touched.contains($0) } }
                if !isTouched { requests[n] = other.kept(on: trajectory) }
            } else if touched.isDisjoint(with: Self.units(other)) {
                requests[n] = other.kept(on: nil)
            }
        }
    }

    private static func units(_ request: OpenRequest) -> Set<Int> {
        var units: Set<Int> = []
        for lodging in request.lodgings + request.firstLodgings { units.formUnion(lodging.units) }
        return units
    }
}
