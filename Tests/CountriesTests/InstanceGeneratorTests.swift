import CareChain
import Countries
import Testing

@Suite("Made-up instances")
struct InstanceGeneratorTests {
    let country: Country

    init() throws {
        country = try Country.netherlands
    }

    func generator(seed: UInt64) -> InstanceGenerator {
        InstanceGenerator(country: country, seed: seed)
    }

    @Test("The same seed gives the same bytes, another seed another instance")
    func seeds() throws {
        let one = try generator(seed: 1).snapshot()
        #expect(try generator(seed: 1).snapshot().json() == one.json())
        let other = try generator(seed: 2).snapshot()
        #expect(other.name != one.name)
        #expect(other.victims != one.victims)
        #expect(other.requests != one.requests)
    }

    @Test("A seed gives this on every machine and with every version of Swift")
    func fingerprint() throws {
        let generator = InstanceGenerator(country: try Country(files: tinyCountry), seed: 7)
        func fingerprint(_ instance: Instance) -> UInt64 {
            let facts =
                instance.victims.map { "\($0.id) \($0.birthDate) \($0.sex) \($0.needs) \($0.phases.steps.map(\.from))" }
                + instance.requests.map { "\($0.id) \($0.neededFrom) \($0.stayDays) \($0.urgency) \($0.locked)" }
            // FNV-1a.
            return facts.joined(separator: "\n").utf8.reduce(0xCBF2_9CE4_8422_2325) {
                ($0 ^ UInt64($1)) &* 0x100_0000_01B3
            }
        }
        let snapshot = try fingerprint(generator.snapshot())
        #expect(snapshot == 742_381_344_546_151_424)
        let stream = try fingerprint(generator.stream())
        #expect(stream == 16_930_375_892_717_235_797)
    }

    @Test("A snapshot has so many open requests that are known, and residents of whom most are locked")
    func snapshot() throws {
        let instance = try generator(seed: 1).snapshot(open: 40, days: 90)
        #expect(instance.horizon == Horizon(start: country.firstDay, days: 90))
        let open = instance.requests.filter { $0.current == nil }
        #expect(open.count == 40)
        #expect(open.allSatisfy { $0.knownFrom == 0 && $0.latestStart.number < 90 && $0.committed == nil })
        let residents = instance.requests.filter { $0.current != nil }
        #expect((240...300).contains(residents.count))
        #expect((0.78...0.94).contains(share(of: residents) { $0.locked }))
    }

    @Test("A stream's residents are all locked and its requests become known until 30 days before its end")
    func stream() throws {
        let instance = try generator(seed: 1).stream(days: 150)
        let open = instance.requests.filter { $0.current == nil }
        // A quarter more than 551 a year, for 120 days.
        #expect(open.count == 226)
        #expect(open.allSatisfy { $0.knownFrom.number < 120 })
        #expect(open.contains { $0.knownFrom.number < 10 } && open.contains { $0.knownFrom.number >= 110 })
        #expect(zip(open, open.dropFirst()).allSatisfy { $0.knownFrom <= $1.knownFrom })
        #expect(instance.requests.allSatisfy { $0.locked == ($0.current != nil) })
        #expect(try generator(seed: 1).stream(open: 30, days: 150).requests.filter { $0.current == nil }.count == 30)
    }

    @Test("A scale of two has two countries, twice the cases and budgets, and funders for both")
    func scale() throws {
        let one = try generator(seed: 3).snapshot(open: 30, days: 60)
        let two = try generator(seed: 3).snapshot(open: 30, days: 60, scale: 2)
        #expect(two.units.count == 2 * one.units.count)
        #expect(two.shelters.count == 2 * one.shelters.count)
        #expect(two.regions.count == 2 * one.regions.count)
        #expect(two.requests.filter { $0.current == nil }.count == 60)
        #expect((1.8...2.2).contains(Double(two.requests.count) / Double(one.requests.count)))
        #expect(two.funders.map(\.id) == one.funders.map(\.id))
        for (big, small) in zip(two.funders, one.funders) {
            #expect(big.budget == small.budget.map { $0 * 2 })
            #expect(big.accepts.registeredIn?.count == small.accepts.registeredIn.map { $0.count * 2 })
        }
    }

    @Test("Those who are there on day 0 fit the beds then, and the locked fit them all their days", arguments: 1...5)
    func residentsFit(seed: Int) throws {
        let generator = generator(seed: UInt64(seed))
        for instance in [try generator.snapshot(open: 0, days: 100), try generator.stream(open: 0, days: 100)] {
            var present = [Int](repeating: 0, count: instance.units.count)
            var locked = [[Int]](repeating: [Int](repeating: 0, count: 100), count: instance.units.count)
            for request in instance.requests {
                let unitIDs = Set(request.current?.map(\.unit) ?? [])
                #expect(unitIDs.count == 1)
                let unit = try #require(unitIDs.first.flatMap { instance.unitIndex[$0] })
                let load = CapacityRule.load(victims: request.victims.count, requests: 1, in: instance.units[unit])
                present[unit] += load
                guard request.locked else { continue }
                for day in 0..<min(request.stayDays, 100) { locked[unit][day] += load }
            }
            for (place, unit) in instance.units.enumerated() {
                #expect(present[place] <= unit.beds[0])
                #expect((0..<100).allSatisfy { locked[place][$0] <= unit.beds[Day($0)] })
            }
        }
    }

    @Test("Who is somewhere is allowed to be there: needs, security, danger and the way to the investigation")
    func residentsAreAllowed() throws {
        let instance = try generator(seed: 4).snapshot(open: 0)
        for request in instance.requests {
            for stay in request.current ?? [] {
                let place = try #require(instance.unitIndex[stay.unit])
                let victim = instance.victims[try #require(instance.victimIndex[stay.victim])]
                let unit = instance.units[place]
                let shelter = instance.shelter(ofUnit: place)
                #expect(AdmissionRule.accepts(victim.sex, in: unit))
                #expect(ServicesRule.missing(for: victim, in: unit, of: shelter).isEmpty)
                #expect(SecurityRule.allows(victim, in: shelter))
                #expect(AvoidRule.allows(victim, in: shelter))
                if let investigation = victim.investigation {
                    #expect(
                        InvestigationRule.allows(
                            investigation, minutes: instance.minutes(fromUnit: place, to: investigation)))
                }
            }
        }
    }

    @Test("Cases are of the kinds, in the shares and for the lengths that are assumed")
    func shares() throws {
        let instance = try generator(seed: 5).stream(open: 3000)
        let open = instance.requests.filter { $0.current == nil }
        func victim(_ request: Request) -> Victim? {
            request.victims.first.flatMap { instance.victimIndex[$0] }.map { instance.victims[$0] }
        }
        #expect((0.27...0.34).contains(share(of: open) { $0.urgency == .crisis }))
        #expect((0.39...0.47).contains(share(of: open) { $0.urgency == .urgent }))
        #expect((0.35...0.45).contains(share(of: open) { $0.preferredRegion == nil }))
        #expect((0.68...0.76).contains(share(of: open) { $0.neededFrom == $0.knownFrom }))
        #expect((0.005...0.02).contains(share(of: open) { $0.together == .shelter }))
        #expect((0.06...0.13).contains(share(of: open) { $0.together == .unit && $0.victims.count > 1 }))
        #expect((0.60...0.70).contains(share(of: open) { victim($0)?.sex == .female }))
        #expect((0.01...0.03).contains(share(of: open) { victim($0)?.sex == .x }))
        #expect((0.30...0.39).contains(share(of: open) { victim($0)?.phases.steps.first?.value == .reflection }))
        #expect((0.50...0.62).contains(share(of: open) { victim($0)?.investigation != nil }))
        #expect((0.65...0.75).contains(share(of: open) { victim($0)?.registeredIn != nil }))
        #expect((0.08...0.14).contains(share(of: open) { victim($0)?.needs.isEmpty == false }))
        let meanStay = Double(open.reduce(0) { $0 + $1.stayDays }) / Double(open.count)
        #expect((140...160).contains(meanStay))
        for request in open where request.latestStart.number < instance.horizon.days - 1 {
            let patience = [Urgency.crisis: 7, .urgent: 14, .planned: 28][request.urgency]
            #expect(request.latestStart - request.neededFrom == patience)
        }
        #expect((0.03...0.04).contains(Double(instance.noContact.count) / Double(instance.requests.count)))
    }

    @Test("Families are a woman and her children; groups are adults who must be in one shelter")
    func familiesAndGroups() throws {
        let instance = try generator(seed: 6).stream(open: 1500)
        var sizes: Set<Int> = []
        for request in instance.requests where request.victims.count > 1 {
            let victims = request.victims.compactMap { instance.victimIndex[$0] }.map { instance.victims[$0] }
            let ages = victims.map { $0.age(on: request.neededFrom, of: instance.horizon) }
            if request.together == .unit {
                #expect(victims[0].sex == .female && (2...4).contains(victims.count))
                #expect(ages[0] >= 18)
                // Residents' children were under twelve when they came, at most 120 days ago.
                #expect(ages.dropFirst().allSatisfy { $0 <= 12 })
                #expect(
                    victims.dropFirst().allSatisfy { $0.phases == victims[0].phases && $0.avoid == victims[0].avoid })
            } else {
                sizes.insert(victims.count)
                #expect(ages.allSatisfy { $0 >= 18 })
                #expect(request.urgency == .crisis)
            }
        }
        #expect(sizes.isSubset(of: Set(5...17)) && sizes.count > 3)
    }

    @Test("Only beds in shelters that others use are fewer than the country's, and they change by one at a time")
    func othersInBeds() throws {
        let instance = try generator(seed: 8).snapshot(open: 0)
        let whole = try country.instance(name: "whole", horizon: instance.horizon)
        let percents = Dictionary(uniqueKeysWithValues: country.shelters.map { ($0.id, $0.othersPercent) })
        var (taken, all) = (0, 0)
        for (unit, full) in zip(instance.units, whole.units) {
            guard percents[unit.shelter] != 0 else {
                #expect(unit == full)
                continue
            }
            taken += full.beds[0] - unit.beds[0]
            all += full.beds[0]
            #expect(unit.beds.steps.count <= 3)
            #expect(unit.beds.steps.allSatisfy { (0...full.beds[0]).contains($0.value) })
            for (one, next) in zip(unit.beds.steps, unit.beds.steps.dropFirst()) {
                #expect(abs(next.value - one.value) == 1 && (15...120).contains(next.from - one.from))
            }
        }
        #expect((0.35...0.68).contains(Double(taken) / Double(all)))
    }

    @Test("Short horizons and empty desks are fine", arguments: [1, 2, 29, 31])
    func shortHorizons(days: Int) throws {
        #expect(try generator(seed: 9).snapshot(open: 50, days: days).requests.count > 50)
        #expect(try generator(seed: 9).stream(days: days).horizon.days == days)
        #expect(try generator(seed: 9).snapshot(open: 0, days: days).requests.allSatisfy { $0.current != nil })
    }

    @Test("A country with hardly any beds gives instances as well")
    func tinyCountries() throws {
        let generator = InstanceGenerator(country: try Country(files: tinyCountry), seed: 1)
        let instance = try generator.snapshot(open: 12, days: 60, scale: 3)
        #expect(instance.units.count == 6)
        #expect(instance.requests.filter { $0.current == nil }.count == 36)
    }

    @Test("Numbers out of range are refused")
    func outOfRange() {
        let generator = generator(seed: 1)
        #expect(throws: InvalidInput(path: "open", problem: "-1 is not a number from 0 to 100000")) {
            try generator.snapshot(open: -1)
        }
        #expect(throws: InvalidInput(path: "days", problem: "0 is not a number from 1 to 3660")) {
            try generator.stream(days: 0)
        }
        #expect(throws: InvalidInput.self) { try generator.stream(days: .max) }
        #expect(throws: InvalidInput.self) { try generator.snapshot(open: .max, days: .min) }
        #expect(throws: InvalidInput(path: "scale", problem: "101 is not a number from 1 to 100")) {
            try generator.snapshot(scale: 101)
        }
    }

    private func share<Item>(of items: [Item], _ condition: (Item) -> Bool) -> Double {
        Double(items.count(where: condition)) / Double(max(items.count, 1))
    }
}
