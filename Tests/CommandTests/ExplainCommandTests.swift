import CareChain
import Foundation
import Planning
import TestSupport
import Testing

extension CommandTests {
    /// Two units, three requests: `r` is placed, `q` lacks a bed in `u1`, `f` is locked there.
    @Suite struct ExplainCommandTests {
        private func scene() -> Scene {
            var scene = Scene(
                request("r", "a", preferredRegion: "north"), request("q", "b"),
                staying("f", "c", in: "u1", stayDays: 30, locked: true), victims: [victim("b", needs: ["24h"])])
            scene.units = [unit("u1", beds: StepFunction(constant: 1)), unit("u2", "s2")]
            return scene
        }

        private func withFiles(
            of scene: Scene? = nil, _ body: (_ instance: String, _ plan: String, Plan) async throws -> Void
        ) async throws {
            let instance = try (scene ?? self.scene()).instance()
            let plan = try Planner(instance).plan()
            try await withFolder { folder in
                let files = (folder.appending(path: "day.json"), folder.appending(path: "plan.json"))
                try Data(instance.json()).write(to: files.0)
                try Data(plan.json()).write(to: files.1)
                try await body(files.0.path, files.1.path, plan)
            }
        }

        @Test func `A place is explained with its cost, in English and Dutch`() async throws {
            try await withFiles { instance, plan, _ in
                let english = try await onderdak("explain", instance, plan, "r")
                #expect(english.status == 0)
                #expect(english.messages.isEmpty)
                #expect(english.text.contains("r: placed in u2 2026-01-07 to 2026-01-17"))
                #expect(english.text.contains("400  u2 is outside the preferred region (a)"))
                #expect(english.text.contains("\nNo other place was found beside the others as they are.\n"))
                let dutch = try await onderdak("explain", instance, plan, "r", "--language", "nl")
                #expect(dutch.text.contains("r: geplaatst in u2 2026-01-07 tot 2026-01-17"))
                #expect(dutch.text.contains("400  u2 ligt buiten de voorkeursregio (a)"))
                #expect(dutch.text.contains("\nEr is geen andere plek gevonden naast de anderen zoals die zijn.\n"))
            }
        }

        @Test func `No place is explained with why, and what would give one`() async throws {
            try await withFiles { instance, plan, _ in
                let english = try await onderdak("explain", instance, plan, "q")
                #expect(english.status == 0)
                #expect(english.text.contains("urgent: b, 10 days, starting 2026-01-07 to 2026-01-11"))
                #expect(english.text.contains("1 unit: no bed for the whole stay [capacity]"))
                #expect(english.text.contains("1 unit: no 24h [services]"))
                #expect(
                    english.text.contains("\nAny one of these gives it a place; a new plan may give that to another ("))
                #expect(english.text.contains("b without 24h [need]"))
                #expect(english.text.contains("one more bed in u1 from 2026-01-07 to 2026-01-17 [bed]"))
                let dutch = try await onderdak("explain", instance, plan, "q", "--language", "nl")
                #expect(
                    dutch.text.contains(
                        "\nElk hiervan levert een plek op; een nieuw plan kan die aan een ander geven ("))
                #expect(dutch.text.contains("één plek meer in u1 van 2026-01-07 tot 2026-01-17 [bed]"))
            }
        }

        @Test func `That no change was found is not told as if there were none`() async throws {
            // Nobody can change whom a unit is for.
            var scene = Scene(request("q", "b"))
            scene.units = [unit("u1", accepts: Admission(sexes: [.male]))]
            try await withFiles(of: scene) { instance, plan, _ in
                let english = try await onderdak("explain", instance, plan, "q")
                #expect(
                    english.text.contains(
                        "\nNo change or pair of changes that puts nobody at risk was found that gives it a place.\n"))
                #expect(!english.text.contains("Time was up"))
                let dutch = try await onderdak("explain", instance, plan, "q", "--language", "nl")
                #expect(
                    dutch.text.contains(
                        "\nEr is geen wijziging of paar wijzigingen zonder gevaar gevonden die een plek oplevert.\n"))
            }
            try await withFiles { instance, plan, _ in
                let english = try await onderdak("explain", instance, plan, "q", "--time-limit", "0.000001")
                #expect(english.text.contains("\nIn the time there was, no change or pair of changes"))
                #expect(english.text.contains("\nTime was up"))
                let dutch = try await onderdak(
                    "explain", instance, plan, "q", "--time-limit", "0.000001", "--language", "nl")
                #expect(dutch.text.contains("\nIn de tijd die er was is geen wijziging of paar wijzigingen"))
            }
        }

        @Test func `As JSON each change comes with the plan it gives`() async throws {
            try await withFiles { file, planFile, plan in
                let outcome = try await onderdak("explain", file, planFile, "q", "--format", "json")
                #expect(outcome.status == 0)
                let whole = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
                #expect(whole["standing"] as? String == "unplaced")
                let suggestions = try #require(whole["suggestions"] as? [[String: Any]])
                let bed = try #require(
                    suggestions.first { (($0["changes"] as? [[String: Any]])?.first?["kind"] as? String) == "bed" })
                let consequence = try #require(bed["consequence"] as? [String: Any])
                let given = try JSONSerialization.data(withJSONObject: try #require(consequence["plan"]))
                let changed = try scene().instance().changed(by: [.bed("u1", days: 2..<12)])
                let verdict = try verdict(on: try Plan(json: Array(given)), of: changed)
                #expect(verdict.isFeasible)
                let total = try #require(verdict.costs?.total)
                #expect(consequence["objectiveChange"] as? Int == total - (try #require(plan.objective)))
                let reasons = try #require(whole["reasons"] as? [[String: Any]])
                #expect(Set(reasons.compactMap { $0["code"] as? String }) == ["capacity", "services"])
            }
        }

        @Test func `A unit is explained with who is in the way`() async throws {
            try await withFiles { instance, plan, _ in
                let held = try await onderdak("explain", instance, plan, "q", "--unit", "u1")
                #expect(
                    held.text.contains("Not in u1: no bed on day 2 (2026-01-07); held by f until 2026-02-04 (fixed)"))
                let there = try await onderdak("explain", instance, plan, "r", "--unit", "u2", "--language", "nl")
                #expect(there.text.contains("Het is in u2."))
                let locked = try await onderdak("explain", instance, plan, "f", "--unit", "u2")
                #expect(locked.text.contains("people have decided that this request is elsewhere [fixed]"))
            }
        }

        @Test func `What cannot be explained is refused with its status and what is wrong`() async throws {
            try await withFiles { instance, file, plan in
                let nobody = try await onderdak("explain", instance, file, "x")
                #expect(nobody.status == 65)
                #expect(nobody.messages == "onderdak: the instance has no request \"x\"\n")
                let nowhere = try await onderdak("explain", instance, file, "r", "--unit", "x")
                #expect(nowhere.status == 65)
                var other = plan
                other.stays.removeLast()
                try Data(other.json()).write(to: URL(fileURLWithPath: file))
                let broken = try await onderdak("explain", instance, file, "r")
                #expect(broken.status == 2)
                #expect(broken.messages.contains("only a plan that keeps every rule can be explained"))
                other = plan
                other.instance = "another"
                try Data(other.json()).write(to: URL(fileURLWithPath: file))
                let foreign = try await onderdak("explain", instance, file, "r")
                #expect(foreign.status == 65)
                #expect(foreign.messages.contains("the plan is for \"another\""))
            }
        }
    }
}
