/// `unplaced`: a weight by urgency per victim of an unplaced request; one with `current` counts as a crisis.
public enum UnplacedCost {
    /// What leaving a request without a place costs.
    public static func cost(of request: Request, _ weights: Weights) -> Int {
        weights.unplaced[request.current == nil ? request.urgency : .crisis] * request.victims.count
    }
}
