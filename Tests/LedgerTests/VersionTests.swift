import CareChain
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@Suite struct VersionTests {
    @Test func `A step that counts on an older version is refused and changes nothing`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("a")
            let seen = try await scene.ledger.request("a", as: FlowScene.desk).summary.version
            let offer = try await scene.offer("a", "open").offer
            let now = try await scene.ledger.request("a", as: FlowScene.desk).summary.version
            #expect(now > seen)
            let error = await #expect(throws: LedgerError.self) {
                try await scene.ledger.expecting(seen, of: .request("a"))
                    .withdraw("a", reason: "own-solution", by: FlowScene.coordinator)
            }
            #expect(error == .stale(expected: seen, actual: now))
            #expect(error?.isRefusalOfStep == true)
            #expect(try await scene.state("a") == .offered)
            let open = try await scene.ledger.offer(offer, as: FlowScene.desk)
            _ = try await scene.ledger.expecting(open.version, of: .offer(offer))
                .approve(offer, by: FlowScene.shelter(of: "open"))
            let missing = await #expect(throws: LedgerError.self) {
                try await scene.ledger.expecting(1, of: .offer(99)).approve(99, by: FlowScene.desk)
            }
            #expect(missing == .noSuch(kind: .offer, id: "99"))
        }
    }

    @Test func `Of two who change the same version at once, one is refused`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("a")
            try await scene.policeCase("a-1")
            let version = try await scene.ledger.request("a", as: FlowScene.desk).summary.version
            let done = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<4 {
                    group.addTask {
                        do {
                            _ = try await scene.ledger.expecting(version, of: .request("a")).holdMoves(
                                of: "a", until: FlowScene.day(40 + number), reason: "hearing", by: FlowScene.police)
                            return true
                        } catch {
                            return false
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(done == 1)
        }
    }

    @Test func `A placement's version moves on with its stays, transfers, outflow and holds on moves`() async throws {
        try await FlowScene.run { scene in
            try await scene.request("a")
            try await scene.place("a")
            try await scene.policeCase("a-1")
            var last = 0
            func moved() async throws -> Bool {
                let version = try await scene.ledger.request("a", as: FlowScene.desk).summary.version
                defer { last = version }
                return version > last
            }
            #expect(try await moved())
            #expect(try await moved() == false)
            _ = try await scene.ledger.holdMoves(of: "a", until: FlowScene.day(9), reason: "x", by: FlowScene.police)
            #expect(try await moved())
            _ = try await scene.ledger.wantTransfer(of: "a", reason: "safety", by: FlowScene.desk)
            #expect(try await moved())
            var steps = OutflowSteps()
            steps.readySince = FlowScene.day(0)
            try await scene.ledger.recordOutflow(of: "a", steps, by: FlowScene.coordinator)
            #expect(try await moved())
            try await scene.ledger.end("a", on: FlowScene.day(12), reason: "left", by: FlowScene.desk)
            #expect(try await moved())
        }
    }

    @Test func `A unit's version moves on with reports; a repeated report is not asked for it`() async throws {
        try await FlowScene.run { scene in
            let shelter = FlowScene.shelter(of: "open")
            func version() async throws -> Int {
                let page = try await scene.ledger.capacity(CapacityFilter(unit: "open"), .all, as: shelter)
                return try #require(page.elements.first).version
            }
            let seen = try await version()
            let report = CapacityReport(
                unit: "open", kind: .free, number: 1, from: FlowScene.day(0), reason: "count", key: "k1")
            let first = try await scene.ledger.expecting(seen, of: .unit("open"))
                .report([report], by: shelter, key: "k")
            #expect(try await version() > seen)
            let again = try await scene.ledger.expecting(seen, of: .unit("open"))
                .report([report], by: shelter, key: "k")
            #expect(again == first)
            var other = report
            other.key = "k2"
            await #expect(throws: LedgerError.self) {
                try await scene.ledger.expecting(seen, of: .unit("open")).report([other], by: shelter)
            }
        }
    }

    @Test func `A step that was made with its key before answers as it did then, whatever the version is by now`()
        async throws
    {
        try await FlowScene.run { scene in
            try await scene.request("a")
            let version = try await scene.ledger.request("a", as: FlowScene.desk).summary.version
            let careful = scene.ledger.expecting(version, of: .request("a"))
            for _ in 1...2 {
                try await careful.withdraw("a", reason: "own-solution", by: FlowScene.coordinator, key: "k")
            }
            #expect(try await scene.state("a") == .withdrawn)
        }
    }

    @Test func `A coverage is ended only as it was seen`() async throws {
        try await FlowScene.run { scene in
            let kept = try #require(try await scene.ledger.coverages(as: .actor(FlowScene.desk)).first)
            let desk = FlowScene.desk
            try await scene.ledger.expecting(kept.version, of: .coverage(kept.id))
                .end(coverage: kept.id, on: FlowScene.day(50), by: desk)
            let error = await #expect(throws: LedgerError.self) {
                try await scene.ledger.expecting(kept.version, of: .coverage(kept.id))
                    .end(coverage: kept.id, on: FlowScene.day(40), by: desk)
            }
            #expect(error == .stale(expected: kept.version, actual: kept.version + 1))
        }
    }

    @Test func `Only a real change moves a version on, and the trail has no entry for the version alone`() async throws
    {
        try await FlowScene.run { scene in
            try await scene.request("a")
            let version = try await scene.ledger.request("a", as: FlowScene.desk).summary.version
            try await scene.ledger.pool.query("UPDATE request SET urgency = urgency WHERE id = 'a'")
            #expect(try await scene.ledger.request("a", as: FlowScene.desk).summary.version == version)
            let before: Int = try await scene.ledger.pool.query("SELECT count(*) FROM audit.entry").one()[0]
            try await scene.ledger.pool.query("UPDATE request SET version = 99 WHERE id = 'a'")
            #expect(try await scene.ledger.request("a", as: FlowScene.desk).summary.version == version + 1)
            let after: Int = try await scene.ledger.pool.query("SELECT count(*) FROM audit.entry").one()[0]
            #expect(after == before)
        }
    }
}
