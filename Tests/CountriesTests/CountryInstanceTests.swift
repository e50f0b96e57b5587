import CareChain
import Countries
import Testing

@Suite("An instance of a country")
struct CountryInstanceTests {
    let country: Country

    init() throws {
        country = try Country(files: tinyCountry)
    }

    func instance(from start: String, days: Int = 90) throws -> Instance {
        let start = try #require(CalendarDate(start))
        return try country.instance(name: "tiny", horizon: Horizon(start: start, days: days))
    }

    @Test("Dates become days of the horizon")
    func datesBecomeDays() throws {
        let instance = try instance(from: "2026-01-01")
        #expect(instance.name == "tiny")
        #expect(instance.units[0].beds == StepFunction([.init(from: 0, value: 6), .init(from: 31, value: 4)]))
        #expect(instance.funders[0].window == 0..<90)
        #expect(instance.funders[1].window == 0..<31)
        #expect(instance.moveLimits == country.moveLimits)
        #expect(instance.weights == country.weights)
        #expect(instance.shelters[0] == Shelter(id: "s1", region: "north", security: 3, services: ["24h", "trauma"]))
    }

    @Test("A unit has no beds before it opens")
    func noBedsBeforeOpening() throws {
        #expect(
            try instance(from: "2026-01-01").units[1].beds
                == StepFunction([.init(from: 0, value: 0), .init(from: 59, value: 3)]))
        #expect(
            try instance(from: "2025-12-31").units[0].beds
                == StepFunction([.init(from: 0, value: 0), .init(from: 1, value: 6), .init(from: 32, value: 4)]))
    }

    @Test("What was before the horizon is cut off")
    func thePastIsCutOff() throws {
        let instance = try instance(from: "2026-03-15")
        #expect(instance.units.map(\.beds) == [StepFunction(constant: 4), StepFunction(constant: 3)])
        #expect(instance.funders[0].window == 0..<90)
        #expect(instance.funders[1].window.isEmpty)
    }

    @Test("A funder that pays until further notice pays from its first day to the end of the horizon")
    func fundersStartLater() throws {
        #expect(try instance(from: "2025-12-02").funders[0].window == 30..<90)
        #expect(try instance(from: "2025-12-02", days: 20).funders[0].window == 30..<30)
    }

    @Test("Cases that no instance allows are refused")
    func badCases() throws {
        let start = try #require(CalendarDate("2026-01-01"))
        #expect(throws: InvalidInput.self) {
            try country.instance(
                name: "tiny", horizon: Horizon(start: start, days: 90),
                requests: [
                    Request(
                        id: "r", victims: ["nobody"], neededFrom: 0, latestStart: 0, stayDays: 1, urgency: .crisis)
                ])
        }
    }
}
