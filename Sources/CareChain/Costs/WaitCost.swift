/// `wait`: a weight by urgency per victim and day after `neededFrom`.
public enum WaitCost {
    /// What starting a request on a day costs, for all its victims.
    public static func cost(of request: Request, startingOn day: Day, _ weights: Weights) -> Int {
        weights.waitDay[request.urgency] * max(0, day - request.neededFrom) * request.victims.count
    }
}
