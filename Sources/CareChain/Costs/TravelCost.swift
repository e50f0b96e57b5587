/// `travel`: per victim with an investigation, leg and minute. A first leg in the current unit and fixed requests cost
/// nothing; the caller leaves them out.
public enum TravelCost {
    /// What a region that cannot be reached counts as, in minutes.
    public static let unreachableMinutes = 600

    /// What a leg costs from whose region the investigation is so many minutes away (nil: it cannot be reached).
    public static func cost(minutes: Int?, _ weights: Weights) -> Int {
        weights.travelMinute * (minutes ?? unreachableMinutes)
    }
}
