import CareChain

/// Reads a country from the texts of its CSV files, refusing them whole at the first problem.
///
/// What a line must be is checked here. What its numbers may be is checked by ``CareChain/Instance`` alone: one is made
/// of the country without cases, and its complaint is traced back to the line.
struct CountryReader {
    private let texts: [String: String]
    private var regions = IDColumn<CareChain.Region>(file: "regions.csv")
    private var shelters = IDColumn<CareChain.Shelter>(file: "shelters.csv")
    private var units = IDColumn<Unit>(file: "units.csv")
    private var funders = IDColumn<CareChain.Funder>(file: "funders.csv")
    private var travelLines: [Int] = []
    private var planningLines: [String: Int] = [:]

    init(_ texts: [String: String]) {
        self.texts = texts
    }

    mutating func country() throws(CSVProblem) -> Country {
        let regions = try readRegions()
        let memberships = try readMemberships()
        let travelTimes = try readTravelTimes()
        let shelters = try readShelters()
        let units = try readUnits()
        let beds = try readBeds(of: units)
        let funders = try readFunders()
        let (moveLimits, weights) = try readPlanning()
        let desk = try readDesk()
        let country = Country(
            regions: regions, memberships: memberships, travelTimes: travelTimes, shelters: shelters, units: units,
            bedChanges: beds.map(\.change), funders: funders, moveLimits: moveLimits, weights: weights,
            desk: desk)
        do {
            _ = try country.instance(name: "", horizon: Horizon(start: country.firstDay, days: 1))
        } catch {
            throw traced(error, beds)
        }
        return country
    }

    // MARK: - One file each

    private mutating func readRegions() throws(CSVProblem) -> [Country.Region] {
        var found: [Country.Region] = []
        for row in try rows("regions.csv", "id", "name", "found_permille") {
            found.append(
                Country.Region(
                    id: try regions.add(row), name: try row.text("name"),
                    foundPermille: try row.whole("found_permille", atMost: 1000)))
        }
        if !found.contains(where: { $0.foundPermille > 0 }) {
            throw CSVProblem(file: "regions.csv", problem: "no region has a found_permille above 0")
        }
        return found
    }

    private func readMemberships() throws(CSVProblem) -> [Country.Membership] {
        var found: [Country.Membership] = []
        for row in try rows("memberships.csv", "region", "function", "body", "from", "until") {
            let from = try row.date("from")
            found.append(
                Country.Membership(
                    region: try regions.resolve(row, "region"), function: try row.text("function"),
                    body: try row.text("body"), from: from, until: try row.end("until", after: from)))
        }
        return found
    }

    private mutating func readTravelTimes() throws(CSVProblem) -> [TravelTime] {
        var found: [TravelTime] = []
        for row in try rows("travel.csv", "a", "b", "minutes") {
            travelLines.append(row.line)
            found.append(
                TravelTime(
                    a: try regions.resolve(row, "a"), b: try regions.resolve(row, "b"),
                    minutes: try row.whole("minutes")))
        }
        return found
    }

    private mutating func readShelters() throws(CSVProblem) -> [Country.Shelter] {
        var found: [Country.Shelter] = []
        let rows = try rows(
            "shelters.csv", "id", "name", "region", "kind", "security", "services", "placement_authority", "intake",
            "others_percent")
        for row in rows {
            found.append(
                Country.Shelter(
                    id: try shelters.add(row), name: try row.text("name"), region: try regions.resolve(row, "region"),
                    kind: try row.text("kind"), security: try row.whole("security"),
                    services: try row.list("services"),
                    placementAuthority: try row.choice("placement_authority", PlacementAuthority.self),
                    intake: try row.text("intake"), othersPercent: try row.whole("others_percent", atMost: 100)))
        }
        return found
    }

    private mutating func readUnits() throws(CSVProblem) -> [Unit] {
        var found: [Unit] = []
        let rows = try rows(
            "units.csv", "id", "shelter", "bed_type", "sexes", "min_age", "max_age", "phases", "services", "mixing",
            "exclusive", "min_group", "max_group", "count_by", "max_leg_days", "daily_cost_cents", "scarcity")
        for row in rows {
            let accepts = Admission(
                sexes: try row.choices("sexes", Sex.self),
                ages: AgeRange(min: try row.optionalWhole("min_age"), max: try row.optionalWhole("max_age")),
                phases: try row.limit("phases", Phase.self))
            found.append(
                Unit(
                    id: try units.add(row), shelter: try shelters.resolve(row, "shelter"),
                    bedType: try row.choice("bed_type", BedType.self), beds: StepFunction(constant: 0),
                    accepts: accepts, services: try row.list("services"),
                    mixing: try row.choice("mixing", Mixing.self), exclusive: try row.yesOrNo("exclusive"),
                    minGroup: try row.whole("min_group"), maxGroup: try row.optionalWhole("max_group"),
                    countBy: try row.choice("count_by", CountBy.self),
                    maxLegDays: try row.optionalWhole("max_leg_days"),
                    dailyCost: Cents(try row.whole("daily_cost_cents")), scarcity: try row.whole("scarcity")))
        }
        return found
    }

    private typealias BedLine = (line: Int, change: Country.BedChange)

    private func readBeds(of units: [Unit]) throws(CSVProblem) -> [BedLine] {
        var found: [UnitID: [CalendarDate: BedLine]] = [:]
        for row in try rows("beds.csv", "unit", "from", "count", "reason") {
            let change = Country.BedChange(
                unit: try self.units.resolve(row, "unit"), from: try row.date("from"), count: try row.whole("count"),
                reason: try row.text("reason"))
            if let earlier = found[change.unit, default: [:]].updateValue((row.line, change), forKey: change.from) {
                throw row.problem("from", "\(change.from) of \"\(change.unit)\" is on line \(earlier.line) already")
            }
        }
        var ordered: [BedLine] = []
        for (n, unit) in units.enumerated() {
            guard let changes = found[unit.id]?.values else {
                throw CSVProblem(
                    file: "units.csv", line: self.units.lines[n], column: "id",
                    problem: "\"\(unit.id)\" has no line in beds.csv")
            }
            ordered += changes.sorted { $0.change.from < $1.change.from }
        }
        if ordered.isEmpty { throw CSVProblem(file: "beds.csv", problem: "there are no beds") }
        return ordered
    }

    private mutating func readFunders() throws(CSVProblem) -> [Country.Funder] {
        var found: [Country.Funder] = []
        let rows = try rows(
            "funders.csv", "id", "name", "phases", "bed_types", "registered_in", "shelter_regions", "min_age",
            "max_age",
            "from", "until", "max_days_per_victim", "budget_cents")
        for row in rows {
            let accepts = FunderAcceptance(
                phases: try row.limit("phases", Phase.self), bedTypes: try row.limit("bed_types", BedType.self),
                registeredIn: try regions.limit(row, "registered_in"),
                shelterRegions: try regions.limit(row, "shelter_regions"),
                ages: AgeRange(min: try row.optionalWhole("min_age"), max: try row.optionalWhole("max_age")))
            let from = try row.date("from")
            found.append(
                Country.Funder(
                    id: try funders.add(row), name: try row.text("name"), accepts: accepts, from: from,
                    until: try row.end("until", after: from),
                    maxDaysPerVictim: try row.optionalWhole("max_days_per_victim"),
                    budget: try row.optionalWhole("budget_cents").map { Cents($0) }))
        }
        return found
    }

    private mutating func readPlanning() throws(CSVProblem) -> (MoveLimits, Weights) {
        var values: [String: Int] = [:]
        for row in try rows("planning.csv", "key", "value") {
            let key = try row.text("key")
            if let line = planningLines.updateValue(row.line, forKey: key) {
                throw row.problem("key", "\"\(key)\" is on line \(line) already")
            }
            values[key] = try row.whole("value")
        }
        func limit(_ key: String) throws(CSVProblem) -> Int {
            guard let value = values.removeValue(forKey: key) else {
                throw CSVProblem(file: "planning.csv", problem: "the key \"\(key)\" is missing")
            }
            return value
        }
        let moveLimits = MoveLimits(maxMoves: try limit("max_moves"), minLegDays: try limit("min_leg_days"))
        var weights = Weights()
        func weigh(_ weight: WritableKeyPath<Weights, Int>, _ key: String) {
            if let value = values.removeValue(forKey: key) { weights[keyPath: weight] = value }
        }
        for urgency in Urgency.allCases {
            weigh(\.unplaced[urgency], "unplaced_\(urgency.rawValue)")
            weigh(\.waitDay[urgency], "wait_day_\(urgency.rawValue)")
        }
        weigh(\.outOfRegion, "out_of_region")
        weigh(\.travelMinute, "travel_minute")
        weigh(\.move, "move")
        weigh(\.overstayDay, "overstay_day")
        weigh(\.unfundedDay, "unfunded_day")
        weigh(\.overBudgetEuro, "over_budget_euro")
        weigh(\.overSecurityDay, "over_security_day")
        if let unknown = values.keys.min() {
            throw CSVProblem(
                file: "planning.csv", line: planningLines[unknown], column: "key",
                problem: "\"\(unknown)\" is not known")
        }
        return (moveLimits, weights)
    }

    func rows(_ file: String, _ columns: String...) throws(CSVProblem) -> [CSVRow] {
        guard let text = texts[file] else { throw CSVProblem(file: file, problem: "the file is missing") }
        return try CSVTable(file: file, text: text, columns: columns).rows
    }

    // MARK: - From an instance's complaint to its line

    private func traced(_ complaint: InvalidInput, _ beds: [BedLine]) -> CSVProblem {
        let parts = complaint.path.split(whereSeparator: { ".[]".contains($0) }).map(String.init)
        let problem = complaint.problem.split(separator: " ").map { $0.hasPrefix("\"") ? String($0) : snakeCase($0) }
            .joined(separator: " ")
        func at(_ file: String, _ lines: [Int]) -> CSVProblem {
            let place = parts.dropFirst().first.flatMap { Int($0) }
            let column = parts.dropFirst(2).last { Int($0) == nil }
            return CSVProblem(
                file: file, line: place.flatMap { lines.indices.contains($0) ? lines[$0] : nil },
                column: column.map(snakeCase), problem: problem)
        }
        switch parts.first {
        case "travelMinutes": return at("travel.csv", travelLines)
        case "shelters": return at("shelters.csv", shelters.lines)
        case "units" where parts.contains("count"):
            // A count of beds can only be too great, so that it is the greatest of all.
            let line = beds.max { $0.change.count < $1.change.count }?.line
            return CSVProblem(file: "beds.csv", line: line, column: "count", problem: problem)
        case "units": return at("units.csv", units.lines)
        case "funders": return at("funders.csv", funders.lines)
        case "rules", "weights":
            let key = parts.dropFirst().map(snakeCase).joined(separator: "_")
            return CSVProblem(file: "planning.csv", line: planningLines[key], column: "value", problem: problem)
        default: return CSVProblem(file: "beds.csv", column: "from", problem: problem)
        }
    }

    private func snakeCase(_ name: some StringProtocol) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
}

/// The identifiers of a file's rows and their lines.
private struct IDColumn<Subject> {
    let file: String
    private(set) var lines: [Int] = []
    private var lineOfID: [ID<Subject>: Int] = [:]

    init(file: String) {
        self.file = file
    }

    mutating func add(_ row: CSVRow) throws(CSVProblem) -> ID<Subject> {
        let id = ID<Subject>(try row.text("id"))
        if let line = lineOfID.updateValue(row.line, forKey: id) {
            throw row.problem("id", "\"\(id)\" is on line \(line) already")
        }
        lines.append(row.line)
        return id
    }

    func resolve(_ row: CSVRow, _ column: String) throws(CSVProblem) -> ID<Subject> {
        try resolve(try row.text(column), row, column)
    }

    /// A list of identifiers, nil when empty: no limit.
    func limit(_ row: CSVRow, _ column: String) throws(CSVProblem) -> [ID<Subject>]? {
        var ids: [ID<Subject>] = []
        for text in try row.list(column) { ids.append(try resolve(text, row, column)) }
        return ids.isEmpty ? nil : ids
    }

    private func resolve(_ text: String, _ row: CSVRow, _ column: String) throws(CSVProblem) -> ID<Subject> {
        let id = ID<Subject>(text)
        if lineOfID[id] == nil { throw row.problem(column, "\"\(id)\" is not in \(file)") }
        return id
    }
}
