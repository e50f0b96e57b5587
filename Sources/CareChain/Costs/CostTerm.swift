/// A term of the objective (`problem.md`, Objective), each with its formula in a file of its own.
public enum CostTerm: String, CaseIterable, Sendable {
    /// ``UnplacedCost``.
    case unplaced
    /// ``WaitCost``.
    case wait
    /// ``OutOfRegionCost``.
    case outOfRegion
    /// ``TravelCost``.
    case travel
    /// ``MoveCost``.
    case move
    /// ``OverstayCost``.
    case overstay
    /// ``UnfundedCost``.
    case unfunded
    /// ``OverBudgetCost``.
    case overBudget
    /// ``OverSecurityCost``.
    case overSecurity
    /// ``ScarcityCost``.
    case scarcity
}

/// What a plan or a part of it costs, term by term, in points of the objective.
public struct Costs: Sendable, Equatable, AdditiveArithmetic {
    private var points = [Int](repeating: 0, count: CostTerm.allCases.count)

    /// No costs.
    public static let zero = Costs()

    /// Makes no costs.
    public init() {}

    /// The points of a term.
    public subscript(term: CostTerm) -> Int {
        get { points[Self.place(of: term)] }
        set { points[Self.place(of: term)] = newValue }
    }

    /// The sum of all terms.
    public var total: Int { points.reduce(0, +) }

    /// The sum of two costs, term by term.
    public static func + (a: Costs, b: Costs) -> Costs {
        var sum = a
        for n in sum.points.indices { sum.points[n] += b.points[n] }
        return sum
    }

    /// The difference of two costs, term by term.
    public static func - (a: Costs, b: Costs) -> Costs {
        var difference = a
        for n in difference.points.indices { difference.points[n] -= b.points[n] }
        return difference
    }

    private static func place(of term: CostTerm) -> Int {
        switch term {
        case .unplaced: 0
        case .wait: 1
        case .outOfRegion: 2
        case .travel: 3
        case .move: 4
        case .overstay: 5
        case .unfunded: 6
        case .overBudget: 7
        case .overSecurity: 8
        case .scarcity: 9
        }
    }
}
