/// `unfunded`: per victim and day without a payer. Fixed requests too.
public enum UnfundedCost {
    /// What so many days cost.
    public static func cost(days: Int, _ weights: Weights) -> Int {
        weights.unfundedDay * days
    }
}
