import CareChain
import Dispatch
import LinearProgramming
import Synchronization

/// Column generation for each block of a large instance by itself, side by side on the machine's cores: the linear program
/// over all would be solved as often, and what it takes grows faster than its size.
///
/// Blocks are independent of each other, so what comes out does not depend on how many cores there are. It proves nothing
/// about the whole: there it is where column generation begins.
struct BlockGeneration {
    private let blocks: [Slot]

    /// The first rows of beds of each block, and of all plans after them: on `large` the second iteration over all plans
    /// then proved 35.6 million points, with 5,000 rows 31.6 million.
    static let firstRows = 10_000

    /// A block while several are worked on.
    private final class Slot: Sendable {
        let block: Mutex<Block>
        init(_ block: sending Block) { self.block = Mutex(block) }
    }

    init(
        _ situation: Situation, _ requests: [OpenRequest], _ division: Blocks, seed: Int,
        until isOver: @escaping @Sendable () -> Bool
    ) {
        blocks = (0..<division.count).map {
            Slot(Block($0, of: division, situation, requests, seed: seed, until: isOver))
        }
    }

    /// One iteration for each block that is not solved well enough.
    ///
    /// - Returns: How it ended: solved when all are, stopped when any was.
    func iterate(_ limits: SolveLimits, _ interrupt: Interrupt) throws(SolverError) -> ColumnGeneration.Step {
        let failure = Mutex<SolverError?>(nil)
        DispatchQueue.concurrentPerform(iterations: blocks.count) { [blocks] n in
            blocks[n].block.withLock { block in
                do throws(SolverError) {
                    try block.iterate(limits, interrupt)
                } catch {
                    failure.withLock { $0 = error }
                }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        let steps = blocks.map { $0.block.withLock { $0.step } }
        return steps.first { $0 == .stopped } ?? steps.first { $0 == .goesOn } ?? .solved
    }

    /// Begins column generation over all plans where the blocks are.
    func begin(_ generation: inout ColumnGeneration, _ branch: inout Branch, _ situation: Situation) {
        let requests = branch.requests.count
        var prices = Prices(in: situation, open: requests)
        var duals = [Double](repeating: 0, count: requests)
        var worth = 0.0
        for slot in blocks {
            slot.block.withLock { block in
                generation.add(block.promising())
                guard let center = block.branch.center else { return }
                generation.addRows(of: block.generation.master, block.members, center.prices)
                prices.add(center.prices, of: block.members, budgets: block.share)
                for (n, r) in block.members.enumerated() { duals[r] = center.requests[n] }
                // A budget is divided among the blocks, and its price is their mean: its worth is what theirs is in all.
                worth += center.worth
            }
        }
        generation.begin(&branch, at: Duals(requests: duals, prices: prices, worth: worth))
    }
}

/// A block with the requests and units that belong to it and nothing else.
private struct Block {
    /// The places of its requests among all.
    let members: [Int]
    /// Its share of the requests, and of each budget.
    let share: Double
    /// For each of its requests the places, among all, of the openings and lodgings that it has in the block.
    private let openings: [[Int]]
    private let lodgings: [[Int]]
    private(set) var generation: ColumnGeneration
    private(set) var branch: Branch
    private(set) var step: ColumnGeneration.Step

    /// A linear program within this part of its bound is solved well enough.
    private static let closeEnough = 3e-3
    /// The trajectories of each request that it hands on, those of the least reduced cost: with all, one linear program
    /// over all plans takes several seconds.
    private static let promisingPerRequest = 6

    init(
        _ block: Int, of division: Blocks, _ situation: Situation, _ requests: [OpenRequest], seed: Int,
        until isOver: @escaping @Sendable () -> Bool
    ) {
        let instance = situation.instance
        func isHere(_ lodging: Lodging) -> Bool {
            lodging.units.allSatisfy { division.ofRegion[instance.region(ofUnit: $0)] == block }
        }
        let members = requests.indices.filter { division.ofRequest[$0] == block }
        openings = members.map { r in requests[r].openings.indices.filter { isHere(requests[r].openings[$0]) } }
        lodgings = members.map { r in requests[r].lodgings.indices.filter { isHere(requests[r].lodgings[$0]) } }
        let parts = members.map { r in
            var request = requests[r]
            request.lodgings = request.lodgings.filter(isHere)
            request.firstLodgings = request.firstLodgings.filter(isHere)
            return request
        }
        let units = instance.units.indices.filter { division.ofRegion[instance.region(ofUnit: $0)] == block }
        self.members = members
        share = Double(members.count) / Double(requests.count)
        var master = MasterProblem(
            situation, parts, units: units, firstRows: BlockGeneration.firstRows, budgetShare: share)
        // Few units are exclusive, and large groups that cost much without a place slip between the days of rows: with
        // these the value of the linear program no longer leaps by a tenth from iteration to iteration.
        master.addRowsOfPresence(in: units)
        generation = ColumnGeneration(master, seed: seed, until: isOver)
        branch = Branch(parts)
        step = members.isEmpty ? .solved : .goesOn
    }

    mutating func iterate(_ limits: SolveLimits, _ interrupt: Interrupt) throws(SolverError) {
        if step != .goesOn { return }
        step = try generation.iterate(&branch, limits, interrupt)
        let cost = branch.value - Double(generation.situation.fixedPoints)
        if step == .goesOn, branch.value - branch.bound < Self.closeEnough * cost { step = .solved }
    }

    /// The trajectories that it hands on, as those of all requests.
    func promising() -> [Trajectory] {
        generation.trajectories(of: branch, perRequest: Self.promisingPerRequest).map { t in
            let trajectory = generation.master.trajectories[t]
            let r = trajectory.request
            let legs = trajectory.legs.enumerated().map { n, leg in
                Trajectory.Leg(
                    lodging: n == 0 ? openings[r][leg.lodging] : lodgings[r][leg.lodging], from: leg.from,
                    until: leg.until, units: leg.units)
            }
            return Trajectory(
                request: members[r], legs: legs, points: trajectory.points, spending: trajectory.spending)
        }
    }
}
