import CareChain
import Countries
import Foundation
import Testing

@Suite("Reading a country's files")
struct ReadingTests {
    @Test("Everything in the files is in the country")
    func everythingIsRead() throws {
        let country = try Country(files: tinyCountry)
        #expect(country.regions.map(\.id) == ["north", "south"])
        #expect(country.regions.map(\.foundPermille) == [600, 400])
        #expect(country.memberships.map(\.body) == ["Police of the North"])
        #expect(country.memberships.map(\.until) == [nil])
        #expect(country.travelTimes == [TravelTime(a: "north", b: "south", minutes: 50)])
        #expect(country.shelters.map(\.services) == [["24h", "trauma"], []])
        #expect(country.shelters.map(\.placementAuthority) == [.deskExclusive, .shelter])
        #expect(country.shelters.map(\.intake) == ["any hour", "weekdays 9-17"])
        #expect(country.shelters.map(\.othersPercent) == [0, 50])
        #expect(
            country.units == [
                Unit(
                    id: "s1-v", shelter: "s1", bedType: .women, beds: StepFunction(constant: 0),
                    accepts: Admission(
                        sexes: [.female], ages: AgeRange(min: 18, max: nil), phases: [.reflection, .permit]),
                    maxLegDays: 90, dailyCost: 14500),
                Unit(
                    id: "s2-k", shelter: "s2", bedType: .families, beds: StepFunction(constant: 0),
                    accepts: Admission(sexes: [.female, .male, .x]), services: ["children"], mixing: .singleSex,
                    exclusive: true, minGroup: 2, maxGroup: 4, countBy: .request, dailyCost: 9000, scarcity: 6),
            ])
        #expect(country.bedChanges.map(\.unit) == ["s1-v", "s1-v", "s2-k"])
        #expect(country.bedChanges.map(\.count) == [6, 4, 3])
        #expect(country.bedChanges.map(\.reason) == ["opened", "renovated", "opened"])
        #expect(country.funders.map(\.id) == ["state", "town"])
        #expect(country.funders.map(\.accepts.registeredIn) == [nil, ["north", "south"]])
        #expect(country.funders.map(\.until) == [nil, CalendarDate("2026-02-01")])
        #expect(country.funders.map(\.budget) == [nil, 100_000])
        #expect(country.moveLimits == MoveLimits(maxMoves: 1, minLegDays: 7))
        var weights = Weights()
        weights.unplaced.crisis = 90_000
        weights.move = 1000
        #expect(country.weights == weights)
    }

    @Test("CRLF, a byte order mark, blank lines, another order of columns and no last line break make no difference")
    func harmlessDifferences() throws {
        var files = tinyCountry.mapValues { "\u{FEFF}" + $0.replacing("\n", with: "\r\n") }
        files["travel.csv"] = "\nminutes,b,a\r\n\r\n   \n50,south,north\n\n"
        #expect(try Country(files: files) == Country(files: tinyCountry))
    }

    @Test("A quoted field may hold commas, line breaks and doubled quotation marks")
    func quotedFields() throws {
        var files = tinyCountry
        files["regions.csv"] = "id,name,found_permille\nnorth,\"North, \"\"the\nupper\"\" one\",600\nsouth,South,400"
        #expect(try Country(files: files).regions[0].name == "North, \"the\nupper\" one")
    }

    @Test("Lines are counted as an editor counts them, through blank lines and line breaks in quoted fields")
    func linesAreRight() {
        var files = tinyCountry
        files["regions.csv"] =
            "id,name,found_permille\r\n\r\nnorth,\"North\r\nand\r\nmore\",600\r\n\r\nsouth,South,many\r\n"
        #expect(complaint(files) == "regions.csv:7: column \"found_permille\": \"many\" is not a whole number")
    }

    @Test(
        "A file that is not CSV with the right columns is refused",
        arguments: [
            ("id,name,found_permille", "id,found_permille", "regions.csv:1: column \"name\": is missing"),
            (
                "id,name,found_permille", "id,name,colour,found_permille",
                "regions.csv:1: column \"colour\": is not known, the columns are id, name, found_permille"
            ),
            ("id,name,found_permille", "id,id,name,found_permille", "regions.csv:1: column \"id\": is there twice"),
            ("north,North,600", "north,North", "regions.csv:2: 2 fields, but the header has 3"),
            ("north,North,600", "north,North,600,", "regions.csv:2: 4 fields, but the header has 3"),
            ("south,South,400", "south,\"South,400", "regions.csv:3: a quotation mark is opened and never closed"),
            (
                "north,North,600", "north,No\"r\"th,600",
                "regions.csv:2: a quotation mark within a field; quote the whole field and double the marks within it"
            ),
            (
                "north,North,600", "north,\"No\"rth,600",
                "regions.csv:2: a quotation mark within a field; quote the whole field and double the marks within it"
            ),
            (",600", ",", "regions.csv:2: column \"found_permille\": is empty"),
        ])
    func notTheRightCSV(old: String, new: String, expected: String) {
        #expect(complaint("regions.csv", old, new) == expected)
    }

    @Test("An empty file and a missing one are refused, and the last field may be empty without a last line break")
    func emptyAndMissing() {
        var files = tinyCountry
        files["beds.csv"] = "\n"
        #expect(complaint(files) == "beds.csv: the file is empty, its first line must be unit,from,count,reason")
        files["beds.csv"] = nil
        #expect(complaint(files) == "beds.csv: the file is missing")
        #expect(complaint("memberships.csv", "2013-01-01,", "2013-01-01,\n") == nil)
    }

    @Test(
        "A bad value is refused with file, line, column and what is expected",
        arguments: [
            ("units.csv", ",14500,", ",x,", "units.csv:2: column \"daily_cost_cents\": \"x\" is not a whole number"),
            ("units.csv", ",14500,", ",-1,", "units.csv:2: column \"daily_cost_cents\": \"-1\" is not a whole number"),
            (
                "units.csv", ",14500,", ",99999999999999999999,",
                "units.csv:2: column \"daily_cost_cents\": \"99999999999999999999\" is not a whole number"
            ),
            (
                "units.csv", ",women,", ",woman,",
                "units.csv:2: column \"bed_type\": \"woman\" is not one of minors, women, men, groups, b9, families, "
                    + "crisis, assisted"
            ),
            (
                "units.csv", "female;male;x", "female;;x",
                "units.csv:3: column \"sexes\": \"female;;x\" has an empty item"
            ),
            (
                "units.csv", "female;male;x", "female;man",
                "units.csv:3: column \"sexes\": \"man\" is not one of female, male, x"
            ),
            ("units.csv", ",any,no,", ",any,false,", "units.csv:2: column \"exclusive\": \"false\" is not yes or no"),
            (
                "beds.csv", "2026-02-01", "2026-02-30",
                "beds.csv:3: column \"from\": \"2026-02-30\" is not a date YYYY-MM-DD"
            ),
            (
                "shelters.csv", ",desk-exclusive,", ",desk,",
                "shelters.csv:2: column \"placement_authority\": \"desk\" is not one of desk-exclusive, desk-consulted, "
                    + "coordinator, coordinator-and-police, shelter, guardian, youth-care, youth-care-and-court"
            ),
            (
                "shelters.csv", ",weekdays 9-17,50", ",weekdays 9-17,101",
                "shelters.csv:3: column \"others_percent\": 101 is more than 100"
            ),
            (
                "memberships.csv", "2013-01-01,", "2013-01-01,2013-01-01",
                "memberships.csv:2: column \"until\": 2013-01-01 is not after 2013-01-01"
            ),
            (
                "funders.csv", "2025-01-01,2026-02-01", "2025-01-01,2024-02-01",
                "funders.csv:3: column \"until\": 2024-02-01 is not after 2025-01-01"
            ),
        ])
    func badValue(file: String, old: String, new: String, expected: String) {
        #expect(complaint(file, old, new) == expected)
    }

    @Test(
        "A second use of an identifier and one that leads nowhere are refused",
        arguments: [
            ("regions.csv", "south,S", "north,S", "regions.csv:3: column \"id\": \"north\" is on line 2 already"),
            ("shelters.csv", "s2,H", "s1,H", "shelters.csv:3: column \"id\": \"s1\" is on line 2 already"),
            ("units.csv", "s2-k,", "s1-v,", "units.csv:3: column \"id\": \"s1-v\" is on line 2 already"),
            ("funders.csv", "town,T", "state,T", "funders.csv:3: column \"id\": \"state\" is on line 2 already"),
            (
                "planning.csv", "move,", "max_moves,",
                "planning.csv:5: column \"key\": \"max_moves\" is on line 2 already"
            ),
            (
                "beds.csv", "2026-02-01", "2026-01-01",
                "beds.csv:4: column \"from\": 2026-01-01 of \"s1-v\" is on line 3 already"
            ),
            (
                "memberships.csv", "north,", "east,",
                "memberships.csv:2: column \"region\": \"east\" is not in regions.csv"
            ),
            ("travel.csv", "north,", "east,", "travel.csv:2: column \"a\": \"east\" is not in regions.csv"),
            ("shelters.csv", ",north,", ",east,", "shelters.csv:2: column \"region\": \"east\" is not in regions.csv"),
            ("units.csv", ",s2,", ",s3,", "units.csv:3: column \"shelter\": \"s3\" is not in shelters.csv"),
            ("beds.csv", "s2-k,", "s2-x,", "beds.csv:2: column \"unit\": \"s2-x\" is not in units.csv"),
            (
                "funders.csv", "north;south", "north;east",
                "funders.csv:3: column \"registered_in\": \"east\" is not in regions.csv"
            ),
            (
                "beds.csv", "s2-k,2026-03-01,3,opened\n", "",
                "units.csv:3: column \"id\": \"s2-k\" has no line in beds.csv"
            ),
        ])
    func identifiers(file: String, old: String, new: String, expected: String) {
        #expect(complaint(file, old, new) == expected)
    }

    @Test(
        "What no instance allows is traced back to its line",
        arguments: [
            (
                "shelters.csv", ",house,3,", ",house,5,",
                "shelters.csv:2: column \"security\": 5 is not a whole number from 1 to 4"
            ),
            ("units.csv", ",2,4,", ",2,1,", "units.csv:3: column \"max_group\": 1 is less than min_group 2"),
            ("units.csv", ",18,,", ",18,17,", "units.csv:2: column \"max_age\": 17 is less than min_age 18"),
            (
                "units.csv", ",victim,90,", ",victim,0,",
                "units.csv:2: column \"max_leg_days\": 0 is not a whole number from 1 to 1000000000"
            ),
            (
                "beds.csv", "2026-02-01,4,", "2026-02-01,1000000001,",
                "beds.csv:3: column \"count\": 1000000001 is not a whole number from 0 to 1000000000"
            ),
            (
                "travel.csv", "north,south", "north,north",
                "travel.csv:2: column \"b\": \"north\" is the same region as a"
            ),
            (
                "travel.csv", "north,south,50", "north,south,50\nsouth,north,40",
                "travel.csv:3: the pair \"south\" and \"north\" is given twice"
            ),
            (
                "funders.csv", ",100000", ",10000000000001",
                "funders.csv:3: column \"budget_cents\": 10000000000001 is not a whole number from 0 to 10000000000000"
            ),
            (
                "planning.csv", "max_moves,1", "max_moves,3",
                "planning.csv:2: column \"value\": 3 is not a whole number from 0 to 2"
            ),
            (
                "planning.csv", "unplaced_crisis,90000", "unplaced_crisis,1000000001",
                "planning.csv:4: column \"value\": 1000000001 is not a whole number from 0 to 1000000000"
            ),
        ])
    func rulesOfAnInstance(file: String, old: String, new: String, expected: String) {
        #expect(complaint(file, old, new) == expected)
    }

    @Test("Keys of the planning that are unknown or missing are refused")
    func planningKeys() {
        #expect(
            complaint("planning.csv", "move,", "mov,") == "planning.csv:5: column \"key\": \"mov\" is not known")
        #expect(complaint("planning.csv", "max_moves,1\n", "") == "planning.csv: the key \"max_moves\" is missing")
    }

    @Test(
        "What the desk goes by is refused where it cannot be",
        arguments: [
            (
                "desk.csv", "zone,Europe/Amsterdam", "zone,Amsterdam",
                "desk.csv:2: column \"value\": \"Amsterdam\" is not a time zone"
            ),
            (
                "desk.csv", "emergency_nights,3", "emergency_nights,15",
                "desk.csv:3: column \"value\": 15 is not from 1 to 14"
            ),
            (
                "desk.csv", "group_fix_days,5", "group_fix_days,11",
                "desk.csv:6: column \"value\": 11 is not from 0 to 10"
            ),
            ("desk.csv", "group_size,4\n", "", "desk.csv: the key \"group_size\" is missing"),
            (
                "desk.csv", "report_age_hours,48", "report_age_hours,48\nzones,2",
                "desk.csv:8: column \"key\": \"zones\" is not known"
            ),
            (
                "desk.csv", "group_size,4", "zone,Europe/Paris",
                "desk.csv:4: column \"key\": \"zone\" is on line 2 already"
            ),
            (
                "desk-hours.csv", "6,10:00,14:00", "8,10:00,14:00",
                "desk-hours.csv:3: column \"weekday\": 8 is not from 1 to 7"
            ),
            (
                "desk-hours.csv", "6,10:00,14:00", "6,10:00,9:00",
                "desk-hours.csv:3: column \"closes\": \"9:00\" is not a time HH:MM"
            ),
            (
                "desk-hours.csv", "6,10:00,14:00", "6,10:00,10:00",
                "desk-hours.csv:3: column \"closes\": 10:00 is not after 10:00"
            ),
            (
                "desk-hours.csv", "6,10:00,14:00", "1,10:00,14:00",
                "desk-hours.csv:3: column \"weekday\": 1 is there already"
            ),
            (
                "deadlines.csv", "answer,crisis,2,no", "answer,crisis,0,no",
                "deadlines.csv:2: column \"hours\": 0 is not from 1 to 8760"
            ),
            ("deadlines.csv", "answer,crisis,2,no\n", "", "deadlines.csv: there is none for answer, crisis"),
            (
                "deadlines.csv", "answer,crisis", "answer,urgent",
                "deadlines.csv:3: column \"urgency\": answer, urgent is there already"
            ),
        ])
    func deskSettings(file: String, old: String, new: String, expected: String) {
        #expect(complaint(file, old, new) == expected)
    }

    @Test("A country without beds or without places where victims are found is refused")
    func nothingThere() {
        var files = tinyCountry
        files["units.csv"] = tinyCountry["units.csv"]?.split(separator: "\n").first.map(String.init)
        files["beds.csv"] = "unit,from,count,reason"
        #expect(complaint(files) == "beds.csv: there are no beds")
        files = tinyCountry
        files["regions.csv"] = "id,name,found_permille\nnorth,North,0\nsouth,South,0"
        #expect(complaint(files) == "regions.csv: no region has a found_permille above 0")
    }

    @Test("A directory is read, and one that is not there or holds something else than UTF-8 is refused")
    func directories() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        #expect(
            throws: CSVProblem(file: directory.path, problem: "cannot be read; it must be a directory with CSV files")
        ) {
            try Country(directory: directory)
        }
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, text) in tinyCountry {
            try Data(text.utf8).write(to: directory.appendingPathComponent(name))
        }
        try Data("Not read.".utf8).write(to: directory.appendingPathComponent("README.md"))
        #expect(try Country(directory: directory) == Country(files: tinyCountry))

        let latin1 = Data("id,name,found_permille\nnorth,North,600\nsouth,S".utf8) + [0xFC] + Data("d,400\n".utf8)
        try latin1.write(to: directory.appendingPathComponent("regions.csv"))
        #expect(throws: CSVProblem(file: "regions.csv", line: 3, problem: "is not text in UTF-8")) {
            try Country(directory: directory)
        }
    }
}
