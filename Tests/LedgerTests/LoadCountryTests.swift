import CareChain
import Countries
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@Suite struct LoadCountryTests {
    @Test func `The country that ships is taken in, and a second time changes nothing`() async throws {
        let country = try Country.netherlands
        try await withLedger { ledger in
            let first = try await ledger.load(country)
            // The schema comes with the desk of most countries like this one, but for the age of reports.
            for entry in first.entries {
                let expected = entry.kind == "desk" ? (0, 1) : (entry.given, 0)
                #expect((entry.added, entry.changed) == expected && entry.vanished.isEmpty, "\(entry)")
            }
            #expect(first.entries.first { $0.kind == "shelters" }?.added == 60)
            let second = try await ledger.load(country)
            #expect(second.changedNothing)
            #expect(second.entries.flatMap(\.vanished).isEmpty)

            let horizon = Horizon(start: country.firstDay, days: 90)
            let kept = try await ledger.instance(on: horizon.start, days: horizon.days, name: "empty")
            #expect(try kept == country.instance(name: "empty", horizon: horizon).canonical())
            let later = Horizon(start: country.firstDay.adding(days: 400), days: 30)
            let laterOn = try await ledger.instance(on: later.start, days: later.days, name: "later")
            #expect(try laterOn == country.instance(name: "later", horizon: later).canonical())
        }
    }

    @Test func `Made-up cases of the country are taken in on top of it, in either order`() async throws {
        let country = try Country.netherlands
        let instance = try InstanceGenerator(country: country, seed: 1).snapshot()
        try await withLedger { ledger in
            try await ledger.load(country)
            try await ledger.load(instance)
            let kept = try await ledger.instance(
                on: instance.horizon.start, days: instance.horizon.days, name: instance.name)
            #expect(try kept == instance.canonical())
            // Reports of beds are no part of the country, and neither gone nor changed for it.
            let again = try await ledger.load(country)
            #expect(again.changedNothing)
            #expect(again.entries.flatMap(\.vanished).isEmpty)
            #expect(try await ledger.load(instance).changedNothing)
        }
        try await withLedger { ledger in
            try await ledger.load(instance)
            try await ledger.load(country)
            let kept = try await ledger.instance(
                on: instance.horizon.start, days: instance.horizon.days, name: instance.name)
            #expect(try kept == instance.canonical())
        }
    }

    @Test func `What is different replaces, what is new is added, what is gone is reported and stays`() async throws {
        let before = try Country(files: Self.files)
        var files = Self.files
        files["regions.csv"]?.replace("north,North,", with: "north,The North,")
        files["memberships.csv"]?.replace(
            "north,police-unit,A,2020-01-01,", with: "north,police-unit,A,2020-01-01,2027-01-01")
        files["memberships.csv"]?.append("north,police-unit,B,2027-01-01,\n")
        files["travel.csv"] = "a,b,minutes\nsouth,north,60\n"
        files["shelters.csv"]?.replace("House One", with: "House 1")
        files["units.csv"]?.replace("s2-men,", with: "s2-all,")
        files["beds.csv"]?.replace("s2-men,2026-01-01", with: "s2-all,2026-02-01")
        files["funders.csv"] = """
            id,name,phases,bed_types,registered_in,shelter_regions,min_age,max_age,from,until,max_days_per_victim,budget_cents
            late,Late,,,,,,,2026-01-01,,,
            local,Local,,,south,,,,2026-01-01,,,
            """
        let after = try Country(files: files)
        try await withLedger { ledger in
            try await ledger.load(before)
            let report = try await ledger.load(after)
            func entry(_ kind: String) -> [Int]? {
                report.entries.first { $0.kind == kind }.map { [$0.given, $0.added, $0.changed, $0.vanished.count] }
            }
            #expect(entry("policy") == [1, 0, 0, 0])
            #expect(entry("regions") == [2, 0, 1, 0])
            #expect(entry("memberships") == [2, 1, 1, 0])
            #expect(entry("travel times") == [1, 0, 1, 0])
            #expect(entry("shelters") == [2, 0, 1, 0])
            #expect(entry("units") == [2, 1, 0, 1])
            #expect(entry("bed changes") == [2, 1, 0, 1])
            // The one has another place, the other another region; the third is gone and pays last.
            #expect(entry("funders") == [2, 0, 2, 1])
            #expect(report.entries.flatMap(\.vanished) == ["s2-men", "s2-men 2026-01-01", "first"])
            #expect(try await ledger.load(after).changedNothing)

            let kept = try await ledger.instance(on: Fixture.start, days: 30)
            #expect(kept.regions.map(\.name) == ["The North", "South"])
            #expect(kept.travelTimes.map(\.minutes) == [60])
            #expect(kept.units.map(\.id) == ["s1-men", "s2-all", "s2-men"])
            #expect(kept.funders.map(\.id) == ["late", "local", "first"])
            #expect(kept.funders[1].accepts.registeredIn == ["south"])
            // Until further notice is until the end of the horizon.
            #expect(kept.funders[0].window == 0..<30)
        }
    }

    @Test func `What contradicts what stays is refused whole, with a sentence`() async throws {
        var files = Self.files
        files["regions.csv"]?.replace("north,North,", with: "north,The North,")
        files["memberships.csv"]?.replace("A,2020-01-01,", with: "B,2019-01-01,")
        let other = try Country(files: files)
        try await withLedger { ledger in
            try await ledger.load(try Country(files: Self.files))
            let error = await #expect(throws: LedgerError.self) { try await ledger.load(other) }
            #expect(error == .refused(constraint: "region_membership_once"))
            #expect(error?.description == "a region belongs to two bodies in one function on the same day")
            #expect(try await ledger.instance(on: Fixture.start, days: 9).regions.first?.name == "North")
        }
    }

    @Test func `What the desk goes by is the country's`() async throws {
        try await withLedger { ledger in
            let country = try Country(files: Self.files)
            let report = try await ledger.load(country)
            #expect(report.entries.first { $0.kind == "desk" }?.changed == 8)
            #expect(try await ledger.load(country).changedNothing)
            func isSo(_ statement: Statement) async throws -> Bool { try await ledger.pool.query(statement).one()[0] }
            #expect(try await isSo("SELECT emergency_nights = 2 AND group_size = 5 FROM desk_policy"))
            #expect(try await isSo("SELECT desk_is_open('2026-01-06 08:45+01')"))
            #expect(try await !isSo("SELECT desk_is_open('2026-01-05 10:00+01')"))
            #expect(
                try await isSo(
                    "SELECT due('place', 'crisis', '2026-01-05 10:00+01') = timestamptz '2026-01-05 22:00+01'"))

            // How old figures may be as well, without anything being said of a unit.
            try await ledger.stand(at: Date().addingTimeInterval(47 * 3600))
            #expect(try await ledger.capacity(staleOnly: true, as: FlowScene.desk).isEmpty)
            try await ledger.stand(at: Date().addingTimeInterval(49 * 3600))
            #expect(try await ledger.capacity(staleOnly: true, as: FlowScene.desk).map(\.unit) == ["s1-men", "s2-men"])
            try await ledger.limitReports(of: "s1-men", to: .none, by: FlowScene.desk)
            try await ledger.limitReports(of: "s2-men", to: .hours(50), by: FlowScene.desk)
            #expect(try await ledger.capacity(staleOnly: true, as: FlowScene.desk).isEmpty)
            try await ledger.limitReports(of: "s2-men", to: .country, by: FlowScene.desk)
            #expect(try await ledger.capacity(staleOnly: true, as: FlowScene.desk).map(\.unit) == ["s2-men"])
        }
    }

    private static let files = [
        "regions.csv": "id,name,found_permille\nnorth,North,500\nsouth,South,500\n",
        "memberships.csv": "region,function,body,from,until\nnorth,police-unit,A,2020-01-01,\n",
        "travel.csv": "a,b,minutes\nnorth,south,55\n",
        "shelters.csv": """
        id,name,region,kind,security,services,placement_authority,intake,others_percent
        s1,House One,north,COSM,3,24h;trauma,desk-exclusive,any time,0
        s2,House Two,south,COSM,2,,shelter,any time,0

        """,
        "units.csv": """
        id,shelter,bed_type,sexes,min_age,max_age,phases,services,mixing,exclusive,min_group,max_group,count_by,max_leg_days,daily_cost_cents,scarcity
        s1-men,s1,men,male,18,,,,any,no,1,,victim,90,14500,0
        s2-men,s2,men,male,18,,,,any,no,1,,victim,90,14500,0

        """,
        "beds.csv": "unit,from,count,reason\ns1-men,2026-01-01,6,in use\ns2-men,2026-01-01,4,in use\n",
        "funders.csv": """
        id,name,phases,bed_types,registered_in,shelter_regions,min_age,max_age,from,until,max_days_per_victim,budget_cents
        first,First,,,,,,,2026-01-01,2027-01-01,,
        local,Local,,,north,,,,2026-01-01,,,
        late,Late,,,,,,,2026-01-01,,,

        """,
        "planning.csv": "key,value\nmax_moves,1\nmin_leg_days,7\n",
        "desk.csv": """
        key,value
        zone,Europe/Amsterdam
        emergency_nights,2
        group_size,5
        group_notice_days,14
        group_fix_days,7
        report_age_hours,48

        """,
        "desk-hours.csv": "weekday,opens,closes\n2,08:30,12:00\n",
        "deadlines.csv": """
        task,urgency,hours,desk_time
        answer,crisis,1,no
        answer,urgent,8,yes
        answer,planned,24,yes
        place,crisis,12,no
        place,urgent,80,yes
        place,planned,160,yes

        """,
    ]
}
