import CareChain

extension Country {
    /// The country and so many copies of it that it is as large as asked, each with its own regions; no road leads from
    /// one to another. Identifiers of copies end in their number (`s01-v1-2`). Funders pay in all of them, with budgets
    /// as many times as large.
    func copied(times: Int) -> Country {
        func copies<Item>(_ items: [Item], _ copy: (Item, String) -> Item) -> [Item] {
            items + (1..<max(times, 1)).flatMap { n in items.map { copy($0, "-\(n)") } }
        }
        func everywhere(_ regions: [RegionID]?) -> [RegionID]? {
            regions.map { copies($0) { RegionID($0.text + $1) } }
        }
        var country = self
        country.regions = copies(regions) {
            Region(id: RegionID($0.id.text + $1), name: $0.name + $1, foundPermille: $0.foundPermille)
        }
        country.memberships = copies(memberships) {
            Membership(
                region: RegionID($0.region.text + $1), function: $0.function, body: $0.body + $1, from: $0.from,
                until: $0.until)
        }
        country.travelTimes = copies(travelTimes) {
            TravelTime(a: RegionID($0.a.text + $1), b: RegionID($0.b.text + $1), minutes: $0.minutes)
        }
        country.shelters = copies(shelters) {
            Shelter(
                id: ShelterID($0.id.text + $1), name: $0.name + $1, region: RegionID($0.region.text + $1),
                kind: $0.kind, security: $0.security, services: $0.services, placementAuthority: $0.placementAuthority,
                intake: $0.intake, othersPercent: $0.othersPercent)
        }
        country.units = copies(units) {
            Unit(
                id: UnitID($0.id.text + $1), shelter: ShelterID($0.shelter.text + $1), bedType: $0.bedType,
                beds: $0.beds, accepts: $0.accepts, services: $0.services, mixing: $0.mixing, exclusive: $0.exclusive,
                minGroup: $0.minGroup, maxGroup: $0.maxGroup, countBy: $0.countBy, maxLegDays: $0.maxLegDays,
                dailyCost: $0.dailyCost, scarcity: $0.scarcity)
        }
        country.bedChanges = copies(bedChanges) {
            BedChange(unit: UnitID($0.unit.text + $1), from: $0.from, count: $0.count, reason: $0.reason)
        }
        country.funders = funders.map {
            Funder(
                id: $0.id, name: $0.name,
                accepts: FunderAcceptance(
                    phases: $0.accepts.phases, bedTypes: $0.accepts.bedTypes,
                    registeredIn: everywhere($0.accepts.registeredIn),
                    shelterRegions: everywhere($0.accepts.shelterRegions), ages: $0.accepts.ages),
                from: $0.from, until: $0.until, maxDaysPerVictim: $0.maxDaysPerVictim,
                budget: $0.budget.map { $0 * max(times, 1) })
        }
        return country
    }

    /// The country as it is with people from outside the care chain in its shelters: fewer beds, and up to two changes
    /// by one bed, each 15 to 60 days after the one before (assumed).
    func withOthersInBeds(from day: CalendarDate, _ random: inout SplitMix64) -> Country {
        let percents = Dictionary(uniqueKeysWithValues: shelters.map { ($0.id, $0.othersPercent) })
        let shelterOfUnit = Dictionary(uniqueKeysWithValues: units.map { ($0.id, $0.shelter) })
        var country = self
        country.bedChanges = []
        for (unit, changes) in Self.byUnit(bedChanges) {
            let percent = shelterOfUnit[unit].flatMap { percents[$0] } ?? 0
            guard percent > 0, let total = changes.last(where: { $0.from <= day })?.count else {
                country.bedChanges += changes
                continue
            }
            var others = (0..<total).count { _ in random.happens(percent: percent) }
            var date = day
            func report() {
                country.bedChanges.append(
                    BedChange(unit: unit, from: date, count: total - others, reason: "taken by others"))
            }
            report()
            for _ in 0..<2 {
                date = date.adding(days: random.number(in: 15...60))
                let change = [-1, 0, 0, 1][random.below(4)]
                guard (0...total).contains(others + change), change != 0 else { continue }
                others += change
                report()
            }
        }
        return country
    }

    /// The changes of each unit, in their order.
    private static func byUnit(_ changes: [BedChange]) -> [(UnitID, [BedChange])] {
        var grouped: [(UnitID, [BedChange])] = []
        for change in changes {
            if grouped.last?.0 == change.unit {
                grouped[grouped.count - 1].1.append(change)
            } else {
                grouped.append((change.unit, [change]))
            }
        }
        return grouped
    }
}
