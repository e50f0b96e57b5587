/// `overBudget`: per whole euro, rounded up, by which what a funder pays passes its budget. Fixed requests too.
public enum OverBudgetCost {
    /// What spending so much of a budget costs.
    public static func cost(spent: Cents, budget: Cents, _ weights: Weights) -> Int {
        weights.overBudgetEuro * ((max(0, spent.amount - budget.amount) + 99) / 100)
    }
}
