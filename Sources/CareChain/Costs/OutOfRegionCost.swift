/// `outOfRegion`: per victim and leg whose shelter is outside the preferred region. A first leg in the current unit and
/// fixed requests cost nothing; the caller leaves them out.
public enum OutOfRegionCost {
    /// What a leg of one victim in a region costs.
    public static func cost(of request: Request, in region: RegionID, _ weights: Weights) -> Int {
        request.preferredRegion.map { $0 == region ? 0 : weights.outOfRegion } ?? 0
    }
}
