import ServiceLifecycle
import ServiceLifecycleTestKit
import TestSupport
import Testing

@testable import Postgres

@Suite struct `A pool` {
    @Test func `serves fifty tasks with four connections`() async throws {
        // However long some of them have to wait.
        try await withPool(limit: 4, clock: ManualClock()) { pool in
            let seen = try await withThrowingTaskGroup(of: (process: Int, leased: Int).self) { group in
                for number in 0..<50 {
                    group.addTask {
                        try await pool.withConnection { connection in
                            let row = try await connection.query("select \(number)::int, pg_backend_pid()").one()
                            #expect(try row[0] == number)
                            return (try row[1], pool.statistics.leased)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let processes = Set(seen.map(\.process))
            #expect(seen.count == 50)
            #expect((1...4).contains(processes.count))
            #expect(seen.allSatisfy { (1...4).contains($0.leased) })
            #expect(pool.statistics == Pool.Statistics(leased: 0, idle: processes.count, waiting: 0))
        }
    }

    @Test func `closes the connection of a statement that is cancelled, and stays usable`() async throws {
        try await withPool(limit: 1) { pool in
            let process: Int = try await pool.query("select pg_backend_pid()").one()[0]
            let task = Task { try await pool.query("select pg_sleep(600)") }
            try await untilActive(process, in: pool)
            task.cancel()
            await #expect(throws: PostgresError.cancelled) { try await task.value }
            #expect(pool.statistics == Pool.Statistics(leased: 0, idle: 0, waiting: 0))
            #expect(try await pool.query("select pg_backend_pid()").one()[0] != process)
        }
    }

    @Test func `refuses a task that is cancelled before it asks`() async throws {
        try await withPool(limit: 1) { pool in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await pool.query("select 1")
            }
            await #expect(throws: PostgresError.cancelled) { try await task.value }
            #expect(pool.statistics == Pool.Statistics(leased: 0, idle: 0, waiting: 0))
        }
    }

    @Test func `lets a caller that is cancelled while it waits go, and serves the next`() async throws {
        let clock = ManualClock()
        try await withPool(limit: 1, clock: clock) { pool in
            try await pool.withConnection { _ in
                let waiting = Task { try await pool.query("select 1") }
                await clock.waitForSleepers()
                #expect(pool.statistics.waiting == 1)
                waiting.cancel()
                await #expect(throws: PostgresError.cancelled) { try await waiting.value }
                #expect(pool.statistics.waiting == 0)
            }
            let one: Int = try await pool.query("select 1").one()[0]
            #expect(one == 1)
        }
    }

    @Test func `tells a caller that waited for too long`() async throws {
        let clock = ManualClock()
        try await withPool(limit: 1, clock: clock) { pool in
            try await pool.withConnection { _ in
                let waiting = Task { try await pool.query("select 1") }
                await clock.waitForSleepers()
                clock.advance(by: .seconds(10))
                await #expect(throws: PostgresError.poolExhausted(limit: 1, waited: .seconds(10))) {
                    try await waiting.value
                }
            }
            #expect(pool.statistics == Pool.Statistics(leased: 0, idle: 1, waiting: 0))
        }
    }

    @Test func `replaces connections that the server closed while they were idle`() async throws {
        try await withPool(limit: 2) { pool in
            let old: Int = try await pool.query("select pg_backend_pid()").one()[0]
            try await terminate(old, in: pool)
            for _ in 0..<3 { #expect(try await pool.query("select pg_backend_pid()").one()[0] != old) }
        }
    }

    @Test func `reports a connection that is lost during a statement, and replaces it`() async throws {
        try await withPool(limit: 1) { pool in
            let process: Int = try await pool.query("select pg_backend_pid()").one()[0]
            let task = Task { try await pool.query("select pg_sleep(600)") }
            try await untilActive(process, in: pool)
            try await terminate(process, in: pool)
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            guard case .connectionLost = error else {
                Issue.record("expected a lost connection, not \(String(describing: error))")
                return
            }
            #expect(try await pool.query("select pg_backend_pid()").one()[0] != process)
        }
    }

    @Test func `keeps no connection that comes back in a transaction`() async throws {
        try await withPool(limit: 1) { pool in
            _ = try await pool.withConnection { try await $0.query("begin") }
            #expect(pool.statistics.idle == 0)
            await #expect(throws: PostgresError.self) {
                try await pool.transaction { try await $0.query("select 1 / 0") }
            }
            #expect(pool.statistics.idle == 1)
        }
    }

    @Test func `passes on why it cannot connect, to every caller`() async throws {
        try await withDatabase { options in
            let pool = Pool(options.database("absent"), limits: limits(1))
            for _ in 0..<3 {
                let error = await #expect(throws: PostgresError.self) { try await pool.query("select 1") }
                #expect("\(error, default: "")".hasPrefix(#"cannot connect to database "absent""#))
            }
            #expect(pool.statistics == Pool.Statistics(leased: 0, idle: 0, waiting: 0))
        }
    }

    @Test func `closes what is idle for too long`() async throws {
        let clock = ManualClock()
        try await withPool(limit: 2, clock: clock) { pool in
            try await pool.query("select 1")
            clock.advance(by: .seconds(59))
            await pool.reap()
            #expect(pool.statistics.idle == 1)
            clock.advance(by: .seconds(1))
            await pool.reap()
            #expect(pool.statistics.idle == 0)
        }
    }

    @Test func `as a service waits for connections in use when it is to stop, and takes no new callers`() async throws {
        try await withDatabase { options in
            let pool = Pool(options, limits: limits(2))
            try await testGracefulShutdown { trigger in
                try await withThrowingTaskGroup { group in
                    try await pool.withConnection { connection in
                        group.addTask { try await pool.run() }
                        trigger.triggerGracefulShutdown()
                        // Until the service has noticed, callers are served.
                        await #expect(throws: PostgresError.poolShutDown) {
                            while true { try await pool.query("select 1") }
                        }
                        // The lease still works.
                        try await connection.query("select 1")
                        group.addTask { await pool.shutDown() }
                    }
                }
            }
            await pool.shutDown()
            #expect(pool.statistics == Pool.Statistics(leased: 0, idle: 0, waiting: 0))
        }
    }

    @Test func `gives up waiting for connections in use at the end`() async throws {
        let clock = ManualClock()
        try await withPool(limit: 1, clock: clock) { pool in
            try await pool.withConnection { _ in
                let shutdown = Task { await pool.shutDown() }
                await clock.waitForSleepers()
                clock.advance(by: .seconds(20))
                await shutdown.value
                #expect(pool.statistics.leased == 1)
            }
            #expect(pool.statistics == Pool.Statistics(leased: 0, idle: 0, waiting: 0))
        }
    }

    private func limits(_ connections: Int) -> Pool.Limits {
        var limits = Pool.Limits()
        limits.maximumConnections = connections
        return limits
    }

    private func withPool(
        limit: Int, clock: some Clock<Duration> = ContinuousClock(), _ body: (Pool) async throws -> Void
    ) async throws {
        try await withDatabase { options in
            let pool = Pool(options, limits: limits(limit), clock: clock)
            try await body(pool)
            await pool.shutDown()
        }
    }

    /// Returns when the server runs something in a process other than asking for it.
    private func untilActive(_ process: Int, in pool: Pool) async throws {
        let observer = try await Connection.open(pool.options)
        var isActive = false
        while !isActive {
            isActive = try await observer.query(
                """
                select exists (select from pg_stat_activity
                               where pid = \(process) and state = 'active' and wait_event = 'PgSleep')
                """
            ).one()[0]
        }
        await observer.close()
    }

    private func terminate(_ process: Int, in pool: Pool) async throws {
        let observer = try await Connection.open(pool.options)
        #expect(try await observer.query("select pg_terminate_backend(\(process), 60000)").one()[0] == true)
        await observer.close()
    }
}
