import CareChain
import Countries
import Foundation
import Testing

@Suite("The made-up Netherlands that ships")
struct NetherlandsTests {
    @Test("It is what the binary carries")
    func embedded() throws {
        let project = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized
        let directory = project.appendingPathComponent("data/netherlands")
        #expect(try Country.netherlands == Country(directory: directory))
    }

    @Test("It has 25 regions, 60 shelters, 105 units and 424 places")
    func size() throws {
        let country = try Country.netherlands
        #expect(country.regions.count == 25)
        #expect(country.regions.reduce(0) { $0 + $1.foundPermille } == 1000)
        #expect(country.travelTimes.count == 25 * 24 / 2)
        #expect(country.shelters.count == 60)
        #expect(country.units.count == 105)
        #expect(country.bedChanges.count == 105)
        #expect(country.bedChanges.reduce(0) { $0 + $1.count } == 424)
        #expect(Set(country.memberships.filter { $0.function == "police-unit" }.map(\.body)).count == 10)
        #expect(country.weights == Weights())
    }

    @Test("Its beds are those of the national figures")
    func places() throws {
        let country = try Country.netherlands
        let kinds = Dictionary(uniqueKeysWithValues: country.shelters.map { ($0.id, $0.kind) })
        let shelters = Dictionary(uniqueKeysWithValues: country.units.map { ($0.id, $0.shelter) })
        var places: [String: Int] = [:]
        for change in country.bedChanges {
            places[shelters[change.unit].flatMap { kinds[$0] } ?? "", default: 0] += change.count
        }
        #expect(
            places == [
                "COSM": 50, "OMM": 36, "MH-crisis": 42, "VO": 108, "MO-man": 40, "Vervolg": 18, "Jeugd-MH": 48,
                "JeugdzorgPlus": 4, "BO-amv": 36, "Groep": 42,
            ])
    }

    @Test("Its funders pay in the order of the file: the state's schemes, the municipalities, the emergency fund")
    func funders() throws {
        let country = try Country.netherlands
        let municipalities = country.regions.map { "wmo-\($0.id)" }
        #expect(
            country.funders.map(\.id.text)
                == ["nidos-coa", "jeugdwet", "rijk-cosm", "groepsbudget", "omm"] + municipalities + ["noodfonds"])
        for (funder, region) in zip(country.funders.dropFirst(5), country.regions) {
            #expect(funder.accepts.registeredIn == [region.id])
        }
    }

    @Test("An instance of it is valid on any day")
    func instances() throws {
        let country = try Country.netherlands
        for start in ["2025-01-01", "2026-01-01", "2026-06-15", "2040-01-01"] {
            let start = try #require(CalendarDate(start))
            let instance = try country.instance(name: "empty", horizon: Horizon(start: start, days: 365))
            #expect(instance.units.count == 105)
        }
    }
}
