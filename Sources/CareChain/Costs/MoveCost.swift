/// `move`: per victim and move.
public enum MoveCost {
    /// What so many moves of one victim cost.
    public static func cost(moves: Int, _ weights: Weights) -> Int {
        weights.move * moves
    }
}
