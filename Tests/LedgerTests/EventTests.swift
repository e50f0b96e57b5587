import CareChain
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@Suite struct EventTests {
    @Test func `A reader who goes on where it was misses nothing that commits late, and has nothing twice`()
        async throws
    {
        try await FlowScene.run { scene in
            let options = scene.ledger.pool.options
            let (late, early) = (try await Connection.open(options), try await Connection.open(options))
            // The first to be numbered is the last to commit.
            try await late.query("BEGIN")
            try await late.query("SELECT emit('late', '{}')")
            try await early.query("SELECT emit('early', '{}')")
            let start = try await scene.ledger.events(after: 0, kinds: ["late", "early"], as: FlowScene.desk)
            #expect(start.events.map(\.kind) == ["early"])
            try await late.query("COMMIT")
            let rest = try await scene.ledger.events(
                after: start.position, kinds: ["late", "early"], as: FlowScene.desk)
            #expect(rest.events.map(\.kind) == ["late"])
            #expect(rest.position > start.position)
            await late.close()
            await early.close()
        }
    }

    @Test func `Readers and writers at once: each event is read once, in the order of positions`() async throws {
        try await FlowScene.run { scene in
            let ledger = scene.ledger
            try await withThrowingTaskGroup(of: [Int].self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        for number in 0..<25 {
                            try await ledger.pool.transaction { connection in
                                let subject = JSONText(postgresText: "{\"run\": \(writer * 25 + number)}")
                                try await connection.query("SELECT emit('counted', \(subject))")
                                // Others commit in between.
                                if number % 3 == writer % 3 { try await connection.query("SELECT pg_sleep(0.002)") }
                            }
                        }
                        return []
                    }
                }
                for _ in 0..<2 {
                    group.addTask {
                        var (seen, position): ([Int], Int) = ([], 0)
                        while seen.count < 100 {
                            let batch = try await ledger.events(
                                after: position, kinds: ["counted"], limit: 7, as: FlowScene.desk)
                            #expect(batch.events.map(\.position) == batch.events.map(\.position).sorted())
                            #expect(batch.events.allSatisfy { $0.position > position })
                            seen += batch.events.compactMap(\.subject.run)
                            position = batch.position
                        }
                        return seen
                    }
                }
                for try await seen in group where !seen.isEmpty { #expect(seen.sorted() == Array(0..<100)) }
            }
        }
    }

    @Test func `Each hears of what is theirs, and nothing of others'`() async throws {
        try await FlowScene.run { scene in
            let ledger = scene.ledger
            try await scene.request("a")
            try await ledger.pool.query("INSERT INTO police_case VALUES ('a-1', 'north', '[2026-01-01,)')")
            try await scene.request("b", guardian: "nidos", birthDate: "2012-03-14")
            let offer = try await scene.offer("a", "open").offer
            _ = try await scene.offer("b", "far")
            _ = try await ledger.approve(offer, by: FlowScene.shelter(of: "open"))
            try await ledger.arrive("a", by: FlowScene.shelter(of: "open"))
            _ = try await ledger.report(
                [
                    CapacityReport(
                        unit: "open", kind: .beds, number: 2, from: FlowScene.day(0), reason: "count", key: "k")
                ], by: FlowScene.shelter(of: "open"))
            func heard(_ actor: Actor) async throws -> Set<String> {
                let events = try await ledger.events(after: 0, limit: 1000, as: actor).events
                return Set(events.map { "\($0.kind) \($0.subject.request ?? $0.subject.unit ?? "")" })
            }
            let desk = try await heard(FlowScene.desk)
            #expect(desk.isSuperset(of: ["offer-made a", "offer-made b", "capacity-reported open", "outcome a"]))
            let open = try await heard(FlowScene.shelter(of: "open"))
            #expect(open.isSuperset(of: ["offer-made a", "offer-accepted a", "capacity-reported open"]))
            #expect(!open.contains { $0.hasSuffix(" b") || $0.hasPrefix("outcome") })
            #expect(try await heard(FlowScene.shelter(of: "far")) == ["offer-made b"])
            let police = try await heard(FlowScene.police)
            #expect(police.contains("request-placed a"))
            #expect(!police.contains { $0.hasSuffix(" b") || $0.hasSuffix(" open") })
            let guardian = try await heard(FlowScene.guardian)
            #expect(guardian.contains("offer-made b"))
            #expect(!guardian.contains { $0.hasSuffix(" a") })
            let coordinator = try await heard(FlowScene.coordinator)
            #expect(coordinator.isSuperset(of: ["offer-made a", "offer-made b", "outcome a"]))
            #expect(!coordinator.contains("capacity-reported open"))
            #expect(try await heard(FlowScene.actor("coordinator/south")).isEmpty)
            for text in ["funder/f", "governor/g", "auditor/a", "admin/a"] {
                await #expect(throws: LedgerError.self) { try await heard(FlowScene.actor(text)) }
            }
        }
    }

    @Test func `A reader is told how far it has read also where nothing was for it`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("a")
            _ = try await scene.offer("a", "open")
            let last = try await scene.ledger.lastEventPosition()
            let none = try await scene.ledger.events(after: 0, as: FlowScene.shelter(of: "far"))
            #expect(none.events.isEmpty)
            #expect(none.position == last)
            #expect(none.missed == false)
            let first = try await scene.ledger.events(after: 0, limit: 1, as: FlowScene.desk)
            #expect(first.position == first.events.last?.position)
            await #expect(throws: LedgerError.self) {
                try await scene.ledger.events(after: 0, limit: 0, as: FlowScene.desk)
            }
        }
    }

    @Test func `Old events go, and who had not read them is told`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("a")
            _ = try await scene.offer("a", "open")
            let before = try await scene.ledger.lastEventPosition()
            try await scene.time("2026-06-01 12:00+02")
            try await scene.request("b", from: 150, latest: 160)
            _ = try await scene.offer("b", "far", from: 150, until: 170)
            _ = try await scene.ledger.runRetention()
            let late = try await scene.ledger.events(after: 0, as: FlowScene.desk)
            #expect(late.missed)
            #expect(late.events.allSatisfy { $0.position > before })
            #expect(late.events.contains { $0.kind == "offer-made" && $0.subject.request == "b" })
            #expect(try await scene.ledger.events(after: before, as: FlowScene.desk).missed == false)
        }
    }

    @Test func `An erased case is told of by no event`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("a")
            _ = try await scene.offer("a", "open")
            try await scene.ledger.withdraw("a", reason: "own-solution", by: FlowScene.coordinator)
            _ = try await scene.ledger.erase(case: "a-1", as: .program(for: nil))
            let told: Int = try await scene.ledger.pool.query(
                "SELECT count(*) FROM outbox WHERE subject ->> 'request' = 'a'"
            ).one()[0]
            #expect(told == 0)
        }
    }

    @Test func `Who listens is woken by a commit and not before`() async throws {
        try await FlowScene.run { scene in
            var signals = scene.ledger.eventSignals().makeAsyncIterator()
            #expect(await signals.next() == .everythingMayHaveChanged)
            try await scene.request("a")
            _ = try await scene.offer("a", "open")
            guard case .notification(let told) = await signals.next() else {
                Issue.record("no notification")
                return
            }
            #expect((told.channel, told.payload) == ("onderdak_event", ""))
        }
    }

    @Test func `What an event says of its subject is identifiers, numbers and codes that the program knows`()
        async throws
    {
        try await FlowScene.run { scene in
            try await scene.request("a")
            try await scene.place("a")
            _ = try await scene.ledger.wantTransfer(of: "a", reason: "a secret", by: FlowScene.desk)
            let known = Set(try Self.keys())
            let rows = try await scene.ledger.pool.query(
                "SELECT DISTINCT k FROM outbox CROSS JOIN jsonb_object_keys(subject) AS k")
            #expect(Set(try rows.map { try $0[0] as String }).isSubset(of: known))
            // And so in every function that tells of something.
            let emitted = try await scene.ledger.pool.query(
                #"""
                SELECT DISTINCT key[1] FROM pg_proc
                CROSS JOIN regexp_matches(prosrc, $$emit\([^;]*;$$, 'g') AS call
                CROSS JOIN regexp_matches(call[1], $$'(\w+)',$$, 'g') AS key
                WHERE pronamespace = 'public'::regnamespace
                """#
            ).map { try $0[0] as String }
            #expect(Set(emitted).isSubset(of: known.union(["outcome"])), "\(emitted)")
        }
    }

    private static func keys() throws -> [String] {
        var subject = EventSubject()
        (subject.request, subject.state, subject.unit) = ("", "", "")
        (subject.offer, subject.report, subject.excess, subject.hold) = (0, 0, 0, 0)
        (subject.transfer, subject.run, subject.published, subject.unplaced, subject.dropped) = (0, 0, 0, 0, 0)
        let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(subject))
        return Array(try #require(object as? [String: Any]).keys)
    }
}
