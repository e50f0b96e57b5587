import CareChain
import LinearProgramming

/// The linear program over the trajectories known so far: at most one per request, and what requests share.
///
/// A trajectory's cost is what it saves against leaving its request unplaced, so that "unplaced" needs no column. Rows
/// of what is shared are added only when a solution breaks them: of 15,000 rows of a national plan some 1,200 ever bind.
struct MasterProblem: ~Copyable {
    let situation: Situation
    let requests: [OpenRequest]
    private var solver: Solver
    private(set) var trajectories: [Trajectory] = []
    /// The column of each trajectory.
    private(set) var columnOf: [Int] = []
    private var known: Set<Key> = []
    private var usesOfUnit: [[Use]]
    private let contacts: [Contact]
    private let contactsOfRequest: [[Int]]

    // Rows: one per request, one per budget, then those of what is shared as they are found broken.
    private(set) var rows: [Row] = []
    private var bedRow: [Int32]
    private var presenceRow: [Int: Int] = [:]
    private var contactRow: [ContactKey: Int] = [:]
    private var sexUseRow: [SexUseKey: Int] = [:]
    private var sexColumns: [Int: [Int]] = [:]
    private let budgetedFunders: [Int]
    private var budgetRow: [Int: Int] = [:]
    private var columnCount = 0

    enum Row {
        case request(Int)
        case budget(funder: Int)
        case beds(unit: Int, day: Int)
        case presence(unit: Int, day: Int)
        case contact(pair: Int, place: Int, day: Int)
        case sexUse(request: Int, sex: Sex, unit: Int, day: Int)
        case sexChoice(unit: Int, day: Int)
    }

    /// A no-contact pair by its requests.
    struct Contact {
        let scope: ContactScope
        let a: (request: Int, victim: Int)
        let b: (request: Int, victim: Int)
    }

    private struct Key: Hashable {
        let request: Int
        let legs: [Trajectory.Leg]
    }

    private struct Use {
        let trajectory: Int
        let from: Int
        let until: Int
        let beds: Int
        let sex: Sex
    }

    private struct ContactKey: Hashable {
        let pair: Int
        let place: Int
        let day: Int
    }

    private struct SexUseKey: Hashable {
        let request: Int
        let sex: Sex
        let unitDay: Int
    }

    init(_ situation: Situation, _ requests: [OpenRequest], seed: Int) throws(SolverError) {
        let instance = situation.instance
        var options = SolverOptions()
        options.seed = seed
        options.presolve = .off
        var solver = try Solver(options: options)
        let budgetedFunders = instance.funders.indices.filter { instance.funders[$0].budget != nil }
        var batch = RowBatch()
        for _ in requests { batch.append(upper: 1) }
        for funder in budgetedFunders { batch.append(upper: Self.eurosLeft(funder, in: situation)) }
        try solver.addRows(batch)
        var excess = ColumnBatch()
        for n in budgetedFunders.indices {
            excess.append(
                cost: Double(instance.weights.overBudgetEuro), entries: [Entry(requests.count + n, -1)])
        }
        try solver.addColumns(excess)
        self.init(situation, requests, solver, budgetedFunders)
    }

    // Apart from what can throw, because a value that cannot be copied cannot be half made.
    private init(
        _ situation: Situation, _ requests: [OpenRequest], _ solver: consuming Solver, _ budgetedFunders: [Int]
    ) {
        self.situation = situation
        self.requests = requests
        self.solver = solver
        self.budgetedFunders = budgetedFunders
        let instance = situation.instance
        usesOfUnit = .init(repeating: [], count: instance.units.count)
        bedRow = .init(repeating: -1, count: instance.units.count * situation.days)
        rows = requests.indices.map { .request($0) }
        for funder in budgetedFunders {
            budgetRow[funder] = rows.count
            rows.append(.budget(funder: funder))
        }
        columnCount = budgetedFunders.count
        var holder: [Int: (request: Int, victim: Int)] = [:]
        for (r, request) in requests.enumerated() {
            for (n, victim) in request.victims.enumerated() { holder[victim] = (r, n) }
        }
        var contacts: [Contact] = []
        for pair in situation.openPairs {
            if let a = holder[pair.a], let b = holder[pair.b] {
                contacts.append(Contact(scope: pair.scope, a: a, b: b))
            }
        }
        self.contacts = contacts
        var contactsOfRequest = [[Int]](repeating: [], count: requests.count)
        for (p, contact) in contacts.enumerated() {
            contactsOfRequest[contact.a.request].append(p)
            contactsOfRequest[contact.b.request].append(p)
        }
        self.contactsOfRequest = contactsOfRequest
    }

    private func eurosLeft(_ funder: Int) -> Double { Self.eurosLeft(funder, in: situation) }

    /// What fixed requests leave of a funder's budget, in euros; negative when they exceed it.
    private static func eurosLeft(_ funder: Int, in situation: Situation) -> Double {
        let budget = situation.instance.funders[funder].budget ?? 0
        return Double(budget.amount - situation.spentByFixed[funder]) / 100
    }

    // MARK: Columns

    /// Adds trajectories that are not known yet; tells how many were new.
    mutating func add(_ found: [Trajectory]) throws(SolverError) -> Int {
        var batch = ColumnBatch()
        var added = 0
        for trajectory in found
        where known.insert(Key(request: trajectory.request, legs: trajectory.legs)).inserted {
            let place = trajectories.count
            let request = requests[trajectory.request]
            batch.append(
                cost: Double(trajectory.points - request.unplacedPoints), lower: 0, upper: .infinity,
                entries: entries(of: trajectory))
            trajectories.append(trajectory)
            columnOf.append(columnCount)
            columnCount += 1
            added += 1
            for (n, leg) in trajectory.legs.enumerated() {
                for part in request.lodging(of: leg, at: n).parts {
                    usesOfUnit[part.unit].append(
                        Use(trajectory: place, from: leg.from, until: leg.until, beds: part.beds, sex: part.sex))
                }
            }
        }
        if added > 0 { try solver.addColumns(batch) }
        return added
    }

    /// The entries of a trajectory in the rows there are.
    private func entries(of trajectory: Trajectory) -> [Entry] {
        let days = situation.days
        let request = requests[trajectory.request]
        var entries: [Entry] = [Entry(trajectory.request, 1)]
        for spending in trajectory.spending {
            if let row = budgetRow[spending.funder] { entries.append(Entry(row, Double(spending.cents) / 100)) }
        }
        for (n, leg) in trajectory.legs.enumerated() {
            for part in request.lodging(of: leg, at: n).parts {
                let unitDay = part.unit * days
                for day in leg.from..<leg.until where bedRow[unitDay + day] >= 0 {
                    entries.append(Entry(Int(bedRow[unitDay + day]), Double(part.beds)))
                }
                if !presenceRow.isEmpty, situation.instance.units[part.unit].exclusive {
                    for day in leg.from..<leg.until {
                        if let row = presenceRow[unitDay + day] { entries.append(Entry(row, 1)) }
                    }
                }
                if !sexUseRow.isEmpty, situation.instance.units[part.unit].mixing == .singleSex {
                    for day in leg.from..<leg.until {
                        let key = SexUseKey(request: trajectory.request, sex: part.sex, unitDay: unitDay + day)
                        if let row = sexUseRow[key] {
                            entries.append(Entry(row, 1))
                        }
                    }
                }
            }
            if contactRow.isEmpty { continue }
            for pair in contactsOfRequest[trajectory.request] {
                let place = place(of: leg, in: trajectory.request, pair: pair)
                for day in leg.from..<leg.until {
                    if let row = contactRow[ContactKey(pair: pair, place: place, day: day)] {
                        entries.append(Entry(row, 1))
                    }
                }
            }
        }
        return entries
    }

    /// Where the victim of a no-contact pair is during a leg of its request.
    private func place(of leg: Trajectory.Leg, in request: Int, pair: Int) -> Int {
        let contact = contacts[pair]
        let victim = contact.a.request == request ? contact.a.victim : contact.b.victim
        return situation.place(of: leg.units[victim], scope: contact.scope)
    }

    // MARK: Rows

    /// Adds the rows of what is shared that a solution (values of trajectories) breaks; tells how many.
    ///
    /// - Parameter everyDay: Rows of beds for every day that differs from the one before, and not only for the worst.
    mutating func addBrokenRows(
        _ values: [(trajectory: Int, value: Double)], everyDay: Bool = false
    ) throws(SolverError) -> Int {
        var broken: [Row] = brokenBeds(values, everyDay: everyDay)
        broken += brokenPresence(values)
        broken += brokenContacts(values)
        broken += brokenMixing(values)
        try add(broken)
        return broken.count
    }

    static var tolerance: Double { 1e-6 }

    private func brokenBeds(_ values: [(trajectory: Int, value: Double)], everyDay: Bool) -> [Row] {
        let days = situation.days
        var use = [Double](repeating: 0, count: bedRow.count)
        for (t, value) in values {
            let trajectory = trajectories[t]
            for (n, leg) in trajectory.legs.enumerated() {
                for part in requests[trajectory.request].lodging(of: leg, at: n).parts {
                    let taken = value * Double(part.beds)
                    for day in leg.from..<leg.until { use[part.unit * days + day] += taken }
                }
            }
        }
        var broken: [Row] = []
        for unit in situation.instance.units.indices {
            // Where the excess is locally worst: its neighbours are mostly settled by the same row.
            var peak: (day: Int, excess: Double)?
            var before = 0.0
            for day in 0..<days {
                let at = unit * days + day
                let excess = bedRow[at] >= 0 ? 0 : use[at] - Double(situation.bedsLeft[at])
                if everyDay {
                    if excess > Self.tolerance, day == 0 || use[at] != use[at - 1] || before != excess {
                        broken.append(.beds(unit: unit, day: day))
                    }
                } else if let top = peak {
                    if excess > top.excess + Self.tolerance {
                        peak = (day, excess)
                    } else if excess < top.excess - Self.tolerance {
                        broken.append(.beds(unit: unit, day: top.day))
                        peak = nil
                    }
                } else if excess > Self.tolerance, excess > before + Self.tolerance {
                    peak = (day, excess)
                }
                before = excess
            }
            if let peak { broken.append(.beds(unit: unit, day: peak.day)) }
        }
        return broken
    }

    private func brokenPresence(_ values: [(trajectory: Int, value: Double)]) -> [Row] {
        let days = situation.days
        var presence: [Int: Double] = [:]
        eachUse(values, of: { $0.exclusive }) { _, part, day, value in
            presence[part.unit * days + day, default: 0] += value
        }
        return presence.filter { $0.value > 1 + Self.tolerance && presenceRow[$0.key] == nil }.keys.sorted().map {
            .presence(unit: $0 / days, day: $0 % days)
        }
    }

    private func brokenMixing(_ values: [(trajectory: Int, value: Double)]) -> [Row] {
        let days = situation.days
        var presence: [Int: [SexUseKey: Double]] = [:]
        eachUse(values, of: { $0.mixing == .singleSex }) { request, part, day, value in
            let unitDay = part.unit * days + day
            presence[unitDay, default: [:]][.init(request: request, sex: part.sex, unitDay: unitDay), default: 0] +=
                value
        }
        var broken: [Row] = []
        for (unitDay, values) in presence.sorted(by: { $0.key < $1.key }) {
            let most = Sex.allCases.map { sex in values.filter { $0.key.sex == sex }.values.max() ?? 0 }
            if most.reduce(0, +) <= 1 + Self.tolerance { continue }
            if sexColumns[unitDay] == nil { broken.append(.sexChoice(unit: unitDay / days, day: unitDay % days)) }
            for (key, value) in values.sorted(by: { $0.key.request < $1.key.request })
            where value > Self.tolerance && sexUseRow[key] == nil {
                broken.append(
                    .sexUse(request: key.request, sex: key.sex, unit: unitDay / days, day: unitDay % days))
            }
        }
        return broken
    }

    private func eachUse(
        _ values: [(trajectory: Int, value: Double)], of isMeant: (Unit) -> Bool,
        _ body: (_ request: Int, _ part: Lodging.Part, _ day: Int, _ value: Double) -> Void
    ) {
        for (t, value) in values {
            let trajectory = trajectories[t]
            for (n, leg) in trajectory.legs.enumerated() {
                for part in requests[trajectory.request].lodging(of: leg, at: n).parts
                where isMeant(situation.instance.units[part.unit]) {
                    for day in leg.from..<leg.until { body(trajectory.request, part, day, value) }
                }
            }
        }
    }

    private func brokenContacts(_ values: [(trajectory: Int, value: Double)]) -> [Row] {
        if contacts.isEmpty { return [] }
        var presence: [ContactKey: Double] = [:]
        for (t, value) in values {
            let trajectory = trajectories[t]
            for pair in contactsOfRequest[trajectory.request] {
                for leg in trajectory.legs {
                    let place = place(of: leg, in: trajectory.request, pair: pair)
                    for day in leg.from..<leg.until {
                        presence[ContactKey(pair: pair, place: place, day: day), default: 0] += value
                    }
                }
            }
        }
        return presence.filter { $0.value > 1 + Self.tolerance && contactRow[$0.key] == nil }.keys.sorted {
            ($0.pair, $0.place, $0.day) < ($1.pair, $1.place, $1.day)
        }.map { .contact(pair: $0.pair, place: $0.place, day: $0.day) }
    }

    private mutating func add(_ broken: [Row]) throws(SolverError) {
        if broken.isEmpty { return }
        let days = situation.days
        var batch = RowBatch()
        var choices = ColumnBatch()
        for row in broken {
            let place = rows.count
            rows.append(row)
            switch row {
            case .request, .budget: break
            case .beds(let unit, let day):
                bedRow[unit * days + day] = Int32(place)
                batch.append(
                    lower: -.infinity, upper: Double(situation.bedsLeft[unit * days + day]),
                    entries: usesOfUnit[unit].filter { $0.from <= day && day < $0.until }.map {
                        Entry(columnOf[$0.trajectory], Double($0.beds))
                    })
            case .presence(let unit, let day):
                presenceRow[unit * days + day] = place
                batch.append(
                    lower: -.infinity, upper: 1,
                    entries: usesOfUnit[unit].filter { $0.from <= day && day < $0.until }.map {
                        Entry(columnOf[$0.trajectory], 1)
                    })
            case .contact(let pair, let at, let day):
                contactRow[ContactKey(pair: pair, place: at, day: day)] = place
                var entries: [Entry] = []
                let contact = contacts[pair]
                for (t, trajectory) in trajectories.enumerated()
                where trajectory.request == contact.a.request || trajectory.request == contact.b.request {
                    for leg in trajectory.legs
                    where leg.from <= day && day < leg.until
                        && self.place(of: leg, in: trajectory.request, pair: pair) == at
                    {
                        entries.append(Entry(columnOf[t], 1))
                    }
                }
                batch.append(lower: -.infinity, upper: 1, entries: entries)
            case .sexChoice(let unit, let day):
                // One column per sex: whether the unit is for that sex on that day.
                var entries: [Entry] = []
                for _ in Sex.allCases {
                    choices.append(cost: 0, lower: 0, upper: 1, entries: [])
                    sexColumns[unit * days + day, default: []].append(columnCount)
                    entries.append(Entry(columnCount, 1))
                    columnCount += 1
                }
                batch.append(lower: -.infinity, upper: 1, entries: entries)
            case .sexUse(let request, let sex, let unit, let day):
                let unitDay = unit * days + day
                sexUseRow[SexUseKey(request: request, sex: sex, unitDay: unitDay)] = place
                var entries = usesOfUnit[unit].filter {
                    $0.from <= day && day < $0.until && $0.sex == sex && trajectories[$0.trajectory].request == request
                }.map { Entry(columnOf[$0.trajectory], 1) }
                if let columns = sexColumns[unitDay] { entries.append(Entry(columns[sex.place], -1)) }
                batch.append(lower: -.infinity, upper: 0, entries: entries)
            }
        }
        if choices.count > 0 { try solver.addColumns(choices) }
        try solver.addRows(batch)
    }

    // MARK: Solutions

    /// Solves the linear program from where the last solve ended.
    mutating func solve(_ limits: SolveLimits, _ interrupt: Interrupt?) throws(SolverError) -> SolveReport {
        try solver.solve(limits: limits, interrupt: interrupt)
    }

    /// The dual of each row at the last solution.
    func duals() throws(SolverError) -> [Double] { try solver.rowDuals() }

    /// The trajectories that the last solution takes, and how much of each.
    func values() throws(SolverError) -> [(trajectory: Int, value: Double)] {
        let all = try solver.columnValues()
        return trajectories.indices.compactMap { t in
            let value = all[columnOf[t]]
            return value > Self.tolerance ? (t, value) : nil
        }
    }

    /// The columns of an integer program (as ``integerModel(over:)`` orders them) that a plan takes.
    func start(of plan: [Trajectory], among chosen: [Int]) -> [Entry] {
        let taken = Set(plan.map { Key(request: $0.request, legs: $0.legs) })
        return chosen.indices.map { n in
            let trajectory = trajectories[chosen[n]]
            return Entry(n, taken.contains(Key(request: trajectory.request, legs: trajectory.legs)) ? 1 : 0)
        }
    }

    /// What a trajectory costs at prices and duals above what it is worth.
    func reducedCost(of trajectory: Trajectory, _ duals: [Double]) -> Double {
        var cost = Double(trajectory.points - requests[trajectory.request].unplacedPoints)
        for entry in entries(of: trajectory) { cost -= min(0, duals[entry.index]) * entry.value }
        return cost
    }

    /// Has the next solutions take so much of some trajectories.
    mutating func fix(_ chosen: [Int], at value: Double) throws(SolverError) {
        if chosen.isEmpty { return }
        let values = [Double](repeating: value, count: chosen.count)
        try solver.setColumnBounds(chosen.map { columnOf[$0] }, lower: values, upper: values)
    }

    /// Takes that back.
    mutating func release(_ chosen: [Int]) throws(SolverError) {
        if chosen.isEmpty { return }
        try solver.setColumnBounds(
            chosen.map { columnOf[$0] }, lower: .init(repeating: 0, count: chosen.count),
            upper: .init(repeating: .infinity, count: chosen.count))
    }

    // MARK: Duals and the bound

    /// The prices that the duals of the last solve stand for.
    func prices(_ duals: [Double]) -> Prices {
        var prices = Prices(in: situation, open: requests.count)
        let days = situation.days
        for (place, row) in rows.enumerated() {
            // Rows are at most their right-hand side and the objective is minimised: their duals are at most 0.
            let price = max(0, -duals[place])
            if price == 0 { continue }
            switch row {
            case .request, .sexChoice: break
            case .budget(let funder):
                prices.cents[funder] = min(price, Double(situation.instance.weights.overBudgetEuro)) / 100
            case .beds(let unit, let day): prices.beds[unit * days + day] = price
            case .presence(let unit, let day): prices.presence[unit][day] = price
            case .contact(let pair, let place, let day):
                let contact = contacts[pair]
                for (request, victim) in [contact.a, contact.b] {
                    prices.extras[request].append(
                        .init(who: .victim(victim), scope: contact.scope, place: place, day: day, price: price))
                }
            case .sexUse(let request, let sex, let unit, let day):
                prices.extras[request].append(
                    .init(who: .sex(sex), scope: .unit, place: unit, day: day, price: price))
            }
        }
        return prices
    }

    /// The Lagrangian bound on what any plan costs at the prices of some duals.
    ///
    /// For any prices of what is shared, the sum of what each request at least costs at these prices, less what the
    /// shared beds and budgets are worth, is below every plan's cost.
    /// - Parameter least: For each request the least priced cost of any of its trajectories.
    func lagrangianBound(_ duals: [Double], least: [Double]) -> Double {
        var bound = Double(situation.fixedPoints)
        for (request, least) in zip(requests, least) { bound += min(Double(request.unplacedPoints), least) }
        let days = situation.days
        // What the sexes' claims on a unit-day are worth, to be set against the price of its one choice.
        var claims: [Int: [Double]] = [:]
        var choices: [Int: Double] = [:]
        for (place, row) in rows.enumerated() {
            let price = max(0, -duals[place])
            switch row {
            case .request: break
            case .budget(let funder):
                bound -= min(price, Double(situation.instance.weights.overBudgetEuro)) * eurosLeft(funder)
            case .beds(let unit, let day): bound -= price * Double(situation.bedsLeft[unit * days + day])
            case .presence, .contact: bound -= price
            case .sexChoice(let unit, let day): choices[unit * days + day] = price
            case .sexUse(_, let sex, let unit, let day):
                claims[unit * days + day, default: .init(repeating: 0, count: Sex.allCases.count)][sex.place] += price
            }
        }
        for (unitDay, price) in choices.sorted(by: { $0.key < $1.key }) {
            bound -= price
            for claim in claims[unitDay] ?? [] { bound += min(0, price - claim) }
        }
        return bound
    }

    // MARK: The integer program

    /// The integer program over some of the trajectories, with all rows there are.
    ///
    /// Its first columns are the trajectories in the order given.
    func integerModel(over chosen: [Int]) -> (rows: LinearModel, columns: ColumnBatch) {
        var model = LinearModel()
        var columns = ColumnBatch()
        let instance = situation.instance
        let days = situation.days
        for row in rows {
            switch row {
            case .request, .presence, .contact, .sexChoice: model.addRow(lower: -.infinity, upper: 1)
            case .budget(let funder): model.addRow(lower: -.infinity, upper: eurosLeft(funder))
            case .beds(let unit, let day):
                model.addRow(lower: -.infinity, upper: Double(situation.bedsLeft[unit * days + day]))
            case .sexUse: model.addRow(lower: -.infinity, upper: 0)
            }
        }
        for t in chosen {
            let trajectory = trajectories[t]
            columns.append(
                cost: Double(trajectory.points - requests[trajectory.request].unplacedPoints), lower: 0, upper: 1,
                isInteger: true, entries: entries(of: trajectory))
        }
        for funder in budgetedFunders {
            if let row = budgetRow[funder] {
                columns.append(
                    cost: Double(instance.weights.overBudgetEuro), lower: 0, upper: .infinity, isInteger: true,
                    entries: [Entry(row, -1)])
            }
        }
        for (place, row) in rows.enumerated() {
            guard case .sexChoice(let unit, let day) = row else { continue }
            for sex in Sex.allCases {
                var entries: [Entry] = [Entry(place, 1)]
                for (key, use) in sexUseRow where key.unitDay == unit * days + day && key.sex == sex {
                    entries.append(Entry(use, -1))
                }
                columns.append(cost: 0, lower: 0, upper: 1, isInteger: true, entries: entries)
            }
        }
        return (model, columns)
    }
}
