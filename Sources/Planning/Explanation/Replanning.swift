import CareChain
import LinearProgramming

/// Plans again around one request that must have a place: those whom it can touch are free to go elsewhere, all others
/// stay as they are.
struct Replanning {
    let options: PlanningOptions
    let interrupt: Interrupt

    /// A cheaper or possible state in which a request has a place, as far as one is found.
    ///
    /// - Parameters:
    ///   - state: Where all are, whether or not the request has a place.
    ///   - narrowed: What the request may choose from, where that is less than it might.
    ///   - isAbsent: Whether the request is left without a place instead.
    ///   - share: The part of the time left that may be used.
    func state(
        from state: PlanState, placing r: Int, as narrowed: OpenRequest? = nil, isAbsent: Bool = false,
        share: Double
    ) throws(ExplanationError) -> (state: PlanState?, cut: Bool) {
        let request = narrowed ?? state.requests[r]
        let touched = Self.units(request)
        var requests = state.requests
        // More than any other plan could save by leaving it without a place.
        let pressure = 2 * (1 + state.requests.reduce(0) { $0 + $1.unplacedPoints })
        for (n, other) in requests.enumerated() {
            if n == r {
                requests[n] = isAbsent ? other.kept(on: nil) : request.pressed(by: pressure)
            } else if let trajectory = state.chosen[n] {
                let isTouched = trajectory.legs.contains { leg in leg.units.contains { touched.contains($0) } }
                if !isTouched { requests[n] = other.kept(on: trajectory) }
            } else if touched.isDisjoint(with: Self.units(other)) {
                requests[n] = other.kept(on: nil)
            }
        }
        var options = options
        if let left = options.secondsLeft {
            let until = left() * (1 - share)
            options.secondsLeft = { left() - until }
        }
        do {
            let plan = try Planner(state.instance, options: options).plan(
                requests, in: state.situation, interrupt: interrupt)
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

    private static func units(_ request: OpenRequest) -> Set<Int> {
        var units: Set<Int> = []
        for lodging in request.lodgings + request.firstLodgings { units.formUnion(lodging.units) }
        return units
    }
}
