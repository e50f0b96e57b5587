import CareChain
import TestSupport
import Foundation
import Testing

/// A file with every key that the format has.
private let whole = """
    {
      "format": "onderdak-instance/1",
      "name": "example",
      "horizon": {"start": "2026-01-05", "days": 120},
      "rules": {"maxMoves": 1, "minLegDays": 7},
      "regions": [{"id": "drenthe", "name": "Drenthe"}, {"id": "friesland", "name": "Fryslân"}],
      "travelMinutes": [{"a": "drenthe", "b": "friesland", "minutes": 55}],
      "shelters": [{"id": "sh1", "region": "drenthe", "security": 3, "services": ["trauma", "24h"]}],
      "units": [
        {
          "id": "men", "shelter": "sh1", "bedType": "men", "beds": [{"from": 0, "count": 6}, {"from": 40, "count": 4}],
          "accepts": {"sexes": ["male"], "minAge": 18, "maxAge": 64, "phases": ["reflection"]},
          "services": ["gym"], "mixing": "any", "exclusive": false, "minGroup": 1, "maxGroup": 3,
          "countBy": "victim", "maxLegDays": 90, "dailyCostCents": 14500, "scarcity": 2
        },
        {
          "id": "women", "shelter": "sh1", "bedType": "women", "beds": [{"from": 0, "count": 1}],
          "accepts": {"sexes": ["female", "x"]}, "services": [], "mixing": "single-sex", "exclusive": true,
          "minGroup": 1, "countBy": "request", "dailyCostCents": 9000, "scarcity": 0
        }
      ],
      "funders": [{
        "id": "state", "name": "The state", "window": {"from": 0, "until": 365}, "maxDaysPerVictim": 91,
        "budgetCents": 250000000,
        "accepts": {"phases": ["reflection"], "bedTypes": ["b9", "men"], "registeredIn": ["drenthe"],
          "shelterRegions": ["drenthe"], "minAge": 16, "maxAge": 80}
      }],
      "victims": [
        {
          "id": "v1", "sex": "male", "birthDate": "1998-03-14",
          "phases": [{"from": 0, "phase": "reflection"}, {"from": 61, "phase": "permit-pending"}],
          "registeredIn": "drenthe", "needs": ["trauma"], "security": {"min": 2, "max": 4},
          "avoid": {"regions": ["friesland"], "shelters": ["sh1"]},
          "investigation": {"region": "drenthe", "maxTravelMinutes": 92}, "paidDays": {"state": 30}
        },
        {
          "id": "v2", "sex": "x", "birthDate": "2010-02-28", "phases": [{"from": 0, "phase": "signal"}],
          "needs": [], "security": {"min": 1, "max": 1}, "avoid": {"regions": [], "shelters": []}
        },
        {
          "id": "v3", "sex": "female", "birthDate": "2001-11-30", "phases": [{"from": 0, "phase": "permit"}],
          "registeredIn": null, "needs": [], "security": {"min": 1, "max": 2},
          "avoid": {"regions": [], "shelters": []}, "investigation": null
        }
      ],
      "requests": [
        {
          "id": "r1", "victims": ["v1"], "together": "unit", "neededFrom": 0, "latestStart": 24, "stayDays": 99,
          "urgency": "crisis", "preferredRegion": "drenthe", "noMoveBefore": 12, "locked": true,
          "current": {"v1": {"unit": "men", "days": 31, "movesMade": 1}}
        },
        {
          "id": "r2", "victims": ["v2"], "together": "shelter", "knownFrom": 3, "neededFrom": 5, "latestStart": 8,
          "stayDays": 10, "urgency": "urgent"
        },
        {
          "id": "r3", "victims": ["v3"], "together": "unit", "neededFrom": 1, "latestStart": 2, "stayDays": 60,
          "urgency": "planned",
          "committed": [
            {"victim": "v3", "unit": "men", "from": 4, "until": 11},
            {"victim": "v3", "unit": "women", "from": 11, "until": 93}
          ]
        }
      ],
      "noContact": [{"a": "v1", "b": "v2", "scope": "shelter"}],
      "weights": {
        "unplaced": {"crisis": 100001, "urgent": 40001, "planned": 12001},
        "waitDay": {"crisis": 3001, "urgent": 301, "planned": 37}, "outOfRegion": 401, "travelMinute": 5,
        "move": 1501, "overstayDay": 41, "unfundedDay": 63, "overBudgetEuro": 7, "overSecurityDay": 9
      }
    }
    """

/// What is wrong with a text as an instance; empty when nothing is.
private func refusal(of text: String) -> String {
    do {
        _ = try Instance(json: Array(text.utf8))
        return ""
    } catch {
        return "\(error)"
    }
}

@Suite struct InstanceFormatTests {
    @Test func everyKeyComesBack() throws {
        let instance = try Instance(json: Array(whole.utf8))
        let again = try Instance(json: instance.json())
        #expect(again.name == "example" && again.horizon == instance.horizon)
        #expect(again.moveLimits == instance.moveLimits && again.weights == instance.weights)
        #expect(again.regions == instance.regions && again.travelTimes == instance.travelTimes)
        #expect(again.shelters == instance.shelters && again.units == instance.units)
        #expect(again.funders == instance.funders && again.victims == instance.victims)
        #expect(again.requests == instance.requests && again.noContact == instance.noContact)
        #expect(again.json() == instance.json())
    }

    @Test func valuesAreThoseOfTheFile() throws {
        let instance = try Instance(json: Array(whole.utf8))
        #expect(instance.regions[1].name == "Fryslân")
        #expect(instance.units[0].beds[39] == 6 && instance.units[0].beds[40] == 4)
        #expect(instance.units[0].accepts.ages == AgeRange(min: 18, max: 64))
        #expect(instance.units[1].accepts == Admission(sexes: [.female, .x]))
        #expect(instance.units[1].countBy == .request && instance.units[1].maxLegDays == nil)
        #expect(instance.funders[0].window == 0..<365 && instance.funders[0].budget == 250_000_000)
        #expect(instance.victims[0].paidDays == [PaidDays(funder: "state", days: 30)])
        #expect(instance.victims[1].registeredIn == nil && instance.victims[1].investigation == nil)
        #expect(instance.requests[0].current == [CurrentStay(victim: "v1", unit: "men", days: 31, movesMade: 1)])
        #expect(instance.requests[1].knownFrom == 3 && !instance.requests[1].locked)
        #expect(instance.requests[2].committed?.last?.days == 11..<93)
        #expect(instance.weights.waitDay[.planned] == 37 && instance.weights.overBudgetEuro == 7)
    }

    @Test func weightsLeftOutAreTheDefaults() throws {
        let start = try #require(whole.range(of: ",\n  \"weights\""))
        let instance = try Instance(json: Array((whole[..<start.lowerBound] + "}").utf8))
        #expect(instance.weights == Weights())
        let some = whole[..<start.lowerBound] + #", "weights": {"move": 5, "waitDay": {"urgent": 8}}}"#
        let weights = try Instance(json: Array(some.utf8)).weights
        #expect(weights.move == 5 && weights.waitDay[.urgent] == 8 && weights.waitDay[.crisis] == 3000)
    }

    @Test(arguments: [
        (
            #""onderdak-instance/1""#, #""onderdak-instance/2""#,
            #"format: "onderdak-instance/2" is not "onderdak-instance/1""#
        ),
        (#""name": "example""#, #""name": 5"#, #"name: 5 is not a text"#),
        (#""name": "example","#, #""#, #"the key "name" is missing"#),
        (
            #""name": "example""#,
            #""name": "example", "colour": 1"#,
            #""colour" is not one of its keys (format, name, horizon, rules, regions, travelMinutes, "#
                + "shelters, units, funders, victims, requests, noContact, weights)"
        ),
        (#""name": "example""#, #""name": "example", "name": "x""#, #"the key "name" is given twice"#),
        (#""2026-01-05""#, #""2026-02-30""#, #"horizon.start: "2026-02-30" is not a date of the calendar, YYYY-MM-DD"#),
        (#""days": 120"#, #""days": 0"#, #"horizon.days: 0 is not a whole number from 1 to 3660"#),
        (#""days": 120"#, #""days": 3661"#, #"horizon.days: 3661 is not a whole number from 1 to 3660"#),
        (
            #""days": 120"#, #""days": 120.0"#,
            #"horizon.days: 120.0 is not a whole number, written without a fraction or exponent"#
        ),
        (#""days": 120"#, #""days": "120""#, #"horizon.days: "120" is not a whole number"#),
        (#""maxMoves": 1"#, #""maxMoves": 3"#, #"rules.maxMoves: 3 is not a whole number from 0 to 2"#),
        (#""minLegDays": 7"#, #""minLegDays": 0"#, #"rules.minLegDays: 0 is not a whole number from 1 to 3660"#),
        (#""id": "friesland""#, #""id": "drenthe""#, #"regions[1].id: "drenthe" is the id of regions[0] already"#),
        (#""id": "friesland""#, #""id": """#, #"regions[1].id: empty; an id has at least one character"#),
        (#""b": "friesland""#, #""b": "groningen""#, #"travelMinutes[0].b: "groningen" is no region of this instance"#),
        (#""b": "friesland""#, #""b": "drenthe""#, #"travelMinutes[0].b: "drenthe" is the same region as a"#),
        (
            #""minutes": 55}"#, #""minutes": 55}, {"a": "friesland", "b": "drenthe", "minutes": 5}"#,
            #"travelMinutes[1]: the pair "friesland" and "drenthe" is given twice"#
        ),
        (
            #""minutes": 55}"#, #""minutes": -1}"#,
            #"travelMinutes[0].minutes: -1 is not a whole number from 0 to 1000000000"#
        ),
        (
            #""region": "drenthe", "security": 3"#, #""region": "utrecht", "security": 3"#,
            #"shelters[0].region: "utrecht" is no region of this instance"#
        ),
        (#""security": 3"#, #""security": 5"#, #"shelters[0].security: 5 is not a whole number from 1 to 4"#),
        (#""security": 3"#, #""security": 0"#, #"shelters[0].security: 0 is not a whole number from 1 to 4"#),
        (
            #""id": "women", "shelter": "sh1""#, #""id": "women", "shelter": "sh2""#,
            #"units[1].shelter: "sh2" is no shelter of this instance"#
        ),
        (#""id": "women""#, #""id": "men""#, #"units[1].id: "men" is the id of units[0] already"#),
        (
            #""bedType": "men""#, #""bedType": "dogs""#,
            #"units[0].bedType: "dogs" is not one of minors, women, men, groups, b9, families, crisis, assisted"#
        ),
        (
            #"{"from": 0, "count": 6}"#, #"{"from": 1, "count": 6}"#,
            #"units[0].beds[0].from: 1, the first entry must be from 0"#
        ),
        (
            #"{"from": 40, "count": 4}"#, #"{"from": 0, "count": 4}"#,
            #"units[0].beds[1].from: 0 is not after the entry before, 0"#
        ),
        (
            #"{"from": 40, "count": 4}"#, #"{"from": 40, "count": 1000000001}"#,
            #"units[0].beds[1].count: 1000000001 is not a whole number from 0 to 1000000000"#
        ),
        (#"[{"from": 0, "count": 1}]"#, #"[]"#, #"units[1].beds: empty; at least one entry is needed"#),
        (#"["male"]"#, #"["man"]"#, #"units[0].accepts.sexes[0]: "man" is not one of female, male, x"#),
        (#""maxAge": 64"#, #""maxAge": 17"#, #"units[0].accepts.maxAge: 17 is less than minAge 18"#),
        (#""mixing": "any""#, #""mixing": "none""#, #"units[0].mixing: "none" is not one of any, single-sex"#),
        (#""exclusive": true"#, #""exclusive": 1"#, #"units[1].exclusive: 1 is not true or false"#),
        (
            #""minGroup": 1, "maxGroup": 3"#, #""minGroup": 0, "maxGroup": 3"#,
            #"units[0].minGroup: 0 is not a whole number from 1 to 1000000000"#
        ),
        (
            #""minGroup": 1, "maxGroup": 3"#, #""minGroup": 4, "maxGroup": 3"#,
            #"units[0].maxGroup: 3 is less than minGroup 4"#
        ),
        (
            #""countBy": "request""#, #""countBy": "family""#,
            #"units[1].countBy: "family" is not one of victim, request"#
        ),
        (
            #""maxLegDays": 90"#, #""maxLegDays": 0"#,
            #"units[0].maxLegDays: 0 is not a whole number from 1 to 1000000000"#
        ),
        (
            #""dailyCostCents": 9000"#, #""dailyCostCents": -9000"#,
            #"units[1].dailyCostCents: -9000 is not a whole number from 0 to 1000000000"#
        ),
        (
            #""maxDaysPerVictim": 91"#, #""maxDaysPerVictim": -91"#,
            #"funders[0].maxDaysPerVictim: -91 is not a whole number from 0 to 1000000000"#
        ),
        (
            #""budgetCents": 250000000"#, #""budgetCents": 10000000000001"#,
            #"funders[0].budgetCents: 10000000000001 is not a whole number from 0 to 10000000000000"#
        ),
        (#""until": 365"#, #""until": -1"#, #"funders[0].window.until: -1 is before from 0"#),
        (
            #""registeredIn": ["drenthe"]"#, #""registeredIn": ["utrecht"]"#,
            #"funders[0].accepts.registeredIn[0]: "utrecht" is no region of this instance"#
        ),
        (
            #""shelterRegions": ["drenthe"]"#, #""shelterRegions": ["utrecht"]"#,
            #"funders[0].accepts.shelterRegions[0]: "utrecht" is no region of this instance"#
        ),
        (#""sex": "x""#, #""sex": "y""#, #"victims[1].sex: "y" is not one of female, male, x"#),
        (
            #""birthDate": "1998-03-14""#, #""birthDate": "14-03-1998""#,
            #"victims[0].birthDate: "14-03-1998" is not a date of the calendar, YYYY-MM-DD"#
        ),
        (
            #"{"from": 0, "phase": "reflection"}, {"from": 61"#, #"{"from": 0, "phase": "reflection"}, {"from": 0"#,
            #"victims[0].phases[1].from: 0 is not after the entry before, 0"#
        ),
        (
            #""phase": "signal""#,
            #""phase": "b8""#,
            #"victims[1].phases[0].phase: "b8" is not one of signal, reflection, permit-pending, permit, "#
                + "resident, asylum, return"
        ),
        (
            #""registeredIn": "drenthe""#, #""registeredIn": "utrecht""#,
            #"victims[0].registeredIn: "utrecht" is no region of this instance"#
        ),
        (#"{"min": 2, "max": 4}"#, #"{"min": 4, "max": 2}"#, #"victims[0].security.max: 2 is less than min 4"#),
        (
            #"{"min": 2, "max": 4}"#, #"{"min": 0, "max": 4}"#,
            #"victims[0].security.min: 0 is not a whole number from 1 to 4"#
        ),
        (
            #""regions": ["friesland"]"#, #""regions": ["utrecht"]"#,
            #"victims[0].avoid.regions[0]: "utrecht" is no region of this instance"#
        ),
        (
            #""shelters": ["sh1"]"#, #""shelters": ["sh9"]"#,
            #"victims[0].avoid.shelters[0]: "sh9" is no shelter of this instance"#
        ),
        (
            #"{"region": "drenthe", "maxTravelMinutes": 92}"#, #"{"region": "utrecht", "maxTravelMinutes": 92}"#,
            #"victims[0].investigation.region: "utrecht" is no region of this instance"#
        ),
        (
            #""paidDays": {"state": 30}"#, #""paidDays": {"county": 30}"#,
            #"victims[0].paidDays: "county" is no funder of this instance"#
        ),
        (
            #""paidDays": {"state": 30}"#, #""paidDays": {"state": -30}"#,
            #"victims[0].paidDays.state: -30 is not a whole number from 0 to 1000000000"#
        ),
        (#""victims": ["v1"]"#, #""victims": ["v9"]"#, #"requests[0].victims[0]: "v9" is no victim of this instance"#),
        (
            #""victims": ["v1"]"#, #""victims": ["v1", "v2"]"#,
            #"requests[1].victims[0]: "v2" is in requests[0] already"#
        ),
        (
            #""victims": ["v1"]"#, #""victims": ["v1", "v1"]"#,
            #"requests[0].victims[1]: "v1" is in requests[0] already"#
        ),
        (#""victims": ["v2"]"#, #""victims": []"#, #"requests[1].victims: empty; a request has at least one victim"#),
        (#""id": "v2", "sex""#, #""id": "v4", "sex""#, #"requests[1].victims[0]: "v2" is no victim of this instance"#),
        (#""knownFrom": 3"#, #""knownFrom": 6"#, #"requests[1].neededFrom: 5 is before knownFrom 6"#),
        (#""latestStart": 8"#, #""latestStart": 4"#, #"requests[1].latestStart: 4 is before neededFrom 5"#),
        (
            #""latestStart": 8"#, #""latestStart": 120"#,
            #"requests[1].latestStart: 120 is not within the horizon of 120 days"#
        ),
        (#""stayDays": 10"#, #""stayDays": 0"#, #"requests[1].stayDays: 0 is not a whole number from 1 to 1000000000"#),
        (
            #""urgency": "urgent""#, #""urgency": "low""#,
            #"requests[1].urgency: "low" is not one of crisis, urgent, planned"#
        ),
        (
            #""urgency": "urgent""#, #""urgency": "urgent", "locked": true"#,
            #"requests[1].locked: true, but there is no current"#
        ),
        (
            #""urgency": "urgent""#, #""urgency": "urgent", "noMoveBefore": 4"#,
            #"requests[1].noMoveBefore: 4, but there is no current"#
        ),
        (
            #""preferredRegion": "drenthe""#, #""preferredRegion": "utrecht""#,
            #"requests[0].preferredRegion: "utrecht" is no region of this instance"#
        ),
        (#""neededFrom": 0"#, #""neededFrom": 1"#, #"requests[0].neededFrom: 1, but with current it must be 0"#),
        (
            #"{"v1": {"unit": "men", "days": 31, "movesMade": 1}}"#, #"{}"#,
            #"requests[0].current: does not cover exactly the request's victims: "v1""#
        ),
        (
            #"{"v1": {"unit""#, #"{"v2": {"unit""#,
            #"requests[0].current: does not cover exactly the request's victims: "v1", "v2""#
        ),
        (
            #"{"v1": {"unit": "men""#, #"{"v1": {"unit": "boys""#,
            #"requests[0].current.v1.unit: "boys" is no unit of this instance"#
        ),
        (
            #""locked": true,"#, #""locked": true, "committed": [],"#,
            #"requests[0].committed: given together with current; only one may be"#
        ),
        (
            #""from": 4, "until": 11}"#, #""from": 4, "until": 10}"#,
            #"requests[2].committed: a gap or overlap of "v3" at day 10"#
        ),
        (
            #""from": 4, "until": 11}"#, #""from": 5, "until": 11}"#,
            #"requests[2].committed: a leg of 6 days of "v3", the least is 7"#
        ),
        (
            #""from": 4, "until": 11}"#, #""from": 11, "until": 4}"#,
            #"requests[2].committed[0].until: 4 is before from 11"#
        ),
        (
            #""unit": "women", "from": 11, "until": 93"#, #""unit": "women", "from": 11, "until": 121"#,
            #"requests[2].committed[1].until: 121 is not after from and within the horizon of 120 days"#
        ),
        (
            #""unit": "women", "from": 11"#, #""unit": "men", "from": 11"#,
            #"requests[2].committed: two legs in a row of "v3" in unit "men""#
        ),
        (#""maxMoves": 1"#, #""maxMoves": 0"#, #"requests[2].committed: 1 moves of "v3", the most is 0"#),
        (
            #"{"victim": "v3", "unit": "men""#, #"{"victim": "v2", "unit": "men""#,
            #"requests[2].committed: does not cover exactly the request's victims: "v2""#
        ),
        (#""b": "v2", "scope""#, #""b": "v1", "scope""#, #"noContact[0].b: "v1" is the same victim as a"#),
        (#""b": "v2", "scope""#, #""b": "v9", "scope""#, #"noContact[0].b: "v9" is no victim of this instance"#),
        (
            #""scope": "shelter""#, #""scope": "room""#,
            #"noContact[0].scope: "room" is not one of unit, shelter, region"#
        ),
        (#""move": 1501"#, #""move": -1"#, #"weights.move: -1 is not a whole number from 0 to 1000000000"#),
        (
            #""urgent": 301"#, #""urgent": 1000000001"#,
            #"weights.waitDay.urgent: 1000000001 is not a whole number from 0 to 1000000000"#
        ),
        (
            #""move": 1501"#,
            #""moves": 1501"#,
            #"weights: "moves" is not one of its keys (unplaced, waitDay, outOfRegion, travelMinute, "#
                + "move, overstayDay, unfundedDay, overBudgetEuro, overSecurityDay)"
        ),
    ])
    func whatTheDefinitionCallsInvalidIsRefused(_ part: String, _ replacement: String, _ problem: String) throws {
        try #require(whole.components(separatedBy: part).count == 2, "the part stands once in the file")
        #expect(refusal(of: whole.replacing(part, with: replacement)) == problem)
    }

    @Test func victimsOfACommittedRequestMoveOnTheSameDays() throws {
        let text = whole.replacing("\"victims\": [\"v3\"]", with: "\"victims\": [\"v3\", \"v4\"]")
            .replacing("\"victims\": [\n", with: "\"victims\": [\n\(v4),\n")
        func committing(_ from: Int, _ until: Int) -> String {
            text.replacing(
                "\"until\": 93}",
                with: """
                    "until": 93}, {"victim": "v4", "unit": "men", "from": \(from), "until": 11},
                    {"victim": "v4", "unit": "women", "from": 11, "until": \(until)}
                    """)
        }
        #expect(refusal(of: committing(4, 93)) == "")
        #expect(
            refusal(of: committing(3, 93))
                == #"requests[2].committed: the victims start, move or end on different days"#)
        #expect(
            refusal(of: committing(4, 92))
                == #"requests[2].committed: the victims start, move or end on different days"#)
    }

    private let v4 = """
        {"id": "v4", "sex": "x", "birthDate": "2010-02-28", "phases": [{"from": 0, "phase": "signal"}], "needs": [],
         "security": {"min": 1, "max": 1}, "avoid": {"regions": [], "shelters": []}}
        """

    @Test(arguments: [
        ("", #"line 1, column 1: the text ends where a value is expected"#),
        ("{", #"line 1, column 2: the text ends where a key in double quotes is expected"#),
        ("{\n \"a\": 1,\n}", #"line 3, column 1: "}" where a key in double quotes is expected"#),
        ("[1 2]", #"line 1, column 4: "2" where "," or "]" is expected"#),
        ("{\"a\" 1}", #"line 1, column 6: "1" where ":" is expected"#),
        ("{a: 1}", #"line 1, column 2: "a" where a key in double quotes is expected"#),
        ("[01]", #"line 1, column 3: a number with a leading zero"#),
        ("[1.]", #"line 1, column 4: "]" where a digit is expected"#),
        ("[-]", #"line 1, column 3: "]" where a digit is expected"#),
        ("[1e]", #"line 1, column 4: "]" where a digit is expected"#),
        ("[tru]", #"line 1, column 2: "t" where a value is expected"#),
        ("\"a", #"line 1, column 3: a text without its closing double quote"#),
        ("\"\\x\"", #"line 1, column 2: an unknown escape in a text"#),
        ("\"\\ud800\"", #"line 1, column 2: half a surrogate pair"#),
        ("\"\\udc00\"", #"line 1, column 2: half a surrogate pair"#),
        ("\"\\u12g4\"", #"line 1, column 6: "g" where a hexadecimal digit is expected"#),
        ("\"a\u{1}\"", #"line 1, column 3: a control character in a text; write it as an escape"#),
        ("{} {}", #"line 1, column 4: "{" where the end is expected"#),
        ("\u{FEFF}{}", #"line 1, column 1: a byte order mark; save the file as UTF-8 without one"#),
        ("[\n  \"é\", nul]", #"line 2, column 8: "n" where a value is expected"#),
    ])
    func whatIsNotJSONIsRefusedWithLineAndColumn(_ text: String, _ problem: String) {
        #expect(refusal(of: text) == problem)
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        for bytes: [UInt8] in [
            [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0x80],
        ] {
            #expect(throws: InvalidInput.self) { _ = try Instance(json: [0x22] + bytes + [0x22]) }
        }
    }

    @Test func depthIsLimited() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(refusal(of: deep) == #"line 1, column 513: nested deeper than 512 levels"#)
    }
}

@Suite struct PlanFormatTests {
    private let text = #"""
        {"format": "onderdak-plan/1", "instance": "example", "made by": {"another": ["planner"]},
         "stays": [{"request": "r1", "victim": "v1", "unit": "men", "from": 0, "until": 99, "note": null}],
         "unplaced": [{"request": "r8"},
           {"request": "r7", "reasons": [{"code": "no-capacity", "detail": "\u00e9\n\"full\" \ud83d\ude00"}]}],
         "funding": [{"victim": "v1", "funder": "state", "from": 0, "until": 61},
           {"victim": "v1", "funder": null, "from": 61, "until": 99}],
         "objective": 1234, "bound": 1230, "prices": [{"unit": "men", "from": 3, "until": 17, "price": 412.5}],
         "solver": {"status": "optimal", "seconds": 0.8}}
        """#

    @Test func everyKeyComesBack() throws {
        let plan = try Plan(json: Array(text.utf8))
        #expect(plan.stays == [Stay(request: "r1", victim: "v1", unit: "men", from: 0, until: 99)])
        #expect(plan.unplaced[1].reasons == [Reason(code: "no-capacity", detail: "é\n\"full\" 😀")])
        #expect(plan.unplaced[0].reasons.isEmpty)
        #expect(plan.funding[1] == FundingPeriod(victim: "v1", funder: nil, from: 61, until: 99))
        #expect(plan.objective == 1234 && plan.bound == 1230 && plan.prices?.first?.price == 412.5)
        #expect(plan.solver?.status == .optimal && plan.solver?.seconds == 0.8)
        #expect(try Plan(json: plan.json()) == plan)
    }

    @Test func aRefereeReadsNothingOfWhatPlannersRemark() throws {
        let remarks = text.replacing("\"optimal\"", with: "7").replacing("412.5", with: "{}")
            .replacing("\"no-capacity\"", with: "null")
        #expect(throws: InvalidInput.self) { _ = try Plan(json: Array(remarks.utf8)) }
        let judged = try Plan(judgedPartOf: Array(remarks.utf8))
        let whole = try Plan(json: Array(text.utf8))
        #expect(judged.stays == whole.stays && judged.funding == whole.funding)
        #expect(judged.unplaced.map(\.request) == ["r8", "r7"])
        #expect(judged.objective == 1234 && judged.bound == 1230)
        #expect(judged.prices == nil && judged.solver == nil)
    }

    @Test func whatIsNoPlanOfTheInstanceIsRefused() throws {
        let instance = try Scene(request("r", "a"), request("q", "b")).instance()
        func refusal(_ plan: Plan) -> String {
            do {
                _ = try verdict(on: plan, of: instance)
                return ""
            } catch {
                return "\(error)"
            }
        }
        func plan(_ stays: Stay..., unplaced: [RequestID] = []) -> Plan {
            Plan(instance: "scene", stays: stays, unplaced: unplaced.map { Unplaced(request: $0, reasons: []) })
        }
        #expect(
            refusal(Plan(instance: "other", stays: []))
                == #"instance: the plan is for "other", the instance is "scene""#)
        #expect(
            refusal(plan(Stay(request: "r", victim: "z", unit: "u1", from: 2, until: 12)))
                == #"stays[0].victim: "z" is no victim of the instance"#)
        #expect(
            refusal(plan(Stay(request: "r", victim: "a", unit: "u9", from: 2, until: 12)))
                == #"stays[0].unit: "u9" is no unit of the instance"#)
        #expect(
            refusal(plan(Stay(request: "q", victim: "a", unit: "u1", from: 2, until: 12)))
                == #"stays[0].request: "a" is not of request "q""#)
        #expect(refusal(plan(unplaced: ["z"])) == #"unplaced[0].request: "z" is no request of the instance"#)
        #expect(refusal(plan(unplaced: ["q", "q"])) == #"unplaced[1].request: "q" is listed twice"#)
        #expect(refusal(plan(unplaced: ["q", "r"])) == "")
    }
}
