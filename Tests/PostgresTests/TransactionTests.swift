import Foundation
import Postgres
import TestSupport
import Testing

@Suite struct Transactions {
    private struct Stop: Error {}

    @Test func `that wait for a lock hold up nobody else, however few cores there are`() async throws {
        try await withDatabase { options in
            let holder = try await Connection.open(options)
            try await holder.query("select pg_advisory_lock(1)")
            let waiters = ProcessInfo.processInfo.activeProcessorCount + 1
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<waiters {
                    group.addTask {
                        let waiter = try await Connection.open(options)
                        _ = try await waiter.transaction { try await $0.query("select pg_advisory_xact_lock(1)") }
                        await waiter.close()
                    }
                }
                var waiting = 0
                while waiting < waiters {
                    let locks = try await holder.query(
                        """
                        select count(*)::int from pg_locks
                        where not granted and database = (select oid from pg_database where datname = current_database())
                        """
                    ).one()
                    waiting = try locks[0]
                }
                try await holder.query("select pg_advisory_unlock(1)")
                try await group.waitForAll()
            }
            await holder.close()
        }
    }

    @Test func `keep what was done when they return, and nothing when they throw`() async throws {
        try await withCounter { connection, _ in
            let returned = try await connection.transaction { connection in
                try await connection.query("update counter set value = value + 1 returning value").one()[
                    0, as: Int.self]
            }
            #expect(returned == 1)
            await #expect(throws: Stop.self) {
                try await connection.transaction { connection in
                    try await connection.query("update counter set value = 100")
                    throw Stop()
                }
            }
            #expect(try await value(connection) == 1)
        }
    }

    @Test func `commit nothing when their body goes on after a failed statement`() async throws {
        try await withCounter { connection, _ in
            await #expect(throws: PostgresError.transactionAborted) {
                try await connection.transaction { connection in
                    try await connection.query("update counter set value = 100")
                    _ = try? await connection.query("select 1 / 0")
                }
            }
            let kept = try await value(connection)
            #expect(kept == 0)
        }
    }

    @Test func `do not nest`() async throws {
        try await withCounter { connection, _ in
            await #expect(throws: PostgresError.alreadyInTransaction) {
                try await connection.transaction { outer in
                    try await outer.query("update counter set value = 100")
                    try await outer.transaction { _ in }
                }
            }
            let kept = try await value(connection)
            #expect(kept == 0)
        }
    }

    @Test func `that only read refuse to write`() async throws {
        try await withCounter { connection, _ in
            let error = await #expect(throws: PostgresError.self) {
                try await connection.transaction(readOnly: true) { try await $0.query("delete from counter") }
            }
            #expect(error?.sqlState?.rawValue == "25006")
        }
    }

    @Test func `of a cancelled task are rolled back and leave the connection usable`() async throws {
        try await withCounter { connection, _ in
            let task = Task {
                try await connection.transaction { connection in
                    try await connection.query("update counter set value = 100")
                    withUnsafeCurrentTask { $0?.cancel() }
                }
            }
            await #expect(throws: PostgresError.cancelled) { try await task.value }
            let kept = try await value(connection)
            #expect(kept == 0)
        }
    }

    @Test func `see one snapshot where they are repeatable reads`() async throws {
        try await withCounter { connection, other in
            try await connection.transaction(isolation: .repeatableRead, readOnly: true) { connection in
                let before = try await value(connection)
                try await other.query("update counter set value = 7")
                #expect(try await value(connection) == before)
            }
            #expect(try await value(connection) == 7)
        }
    }

    @Test(arguments: [true, false])
    func `that collide are tried again only when declared repeatable`(_ isRepeatable: Bool) async throws {
        try await withCounter { connection, other in
            var attempts = 0
            let increment: () async throws -> Void = {
                try await connection.transaction(isolation: .serializable, repeatable: isRepeatable) { connection in
                    attempts += 1
                    let seen = try await value(connection)
                    // Between our reading and our writing somebody else writes, the first time.
                    if attempts == 1 { try await other.query("update counter set value = 10") }
                    try await connection.query("update counter set value = \(seen + 1)")
                }
            }
            if isRepeatable {
                try await increment()
                #expect(attempts == 2)
                #expect(try await value(connection) == 11)
            } else {
                let error = await #expect(throws: PostgresError.self) { try await increment() }
                #expect(error?.sqlState == .serializationFailure)
                #expect(attempts == 1)
                #expect(try await value(connection) == 10)
            }
        }
    }

    @Test func `that collide with others every time get a turn alone`() async throws {
        try await withCounter { connection, other in
            var attempts = 0
            try await connection.transaction(isolation: .serializable, repeatable: true) { connection in
                attempts += 1
                let seen = try await value(connection)
                // Somebody else always writes between our reading and our writing, where others may.
                let mayPass: Bool = try await other.query(
                    "select pg_try_advisory_xact_lock_shared(\(0x6f6e_6465_7264_616b))"
                ).one()[0]
                #expect(mayPass == (attempts <= 5))
                if mayPass { try await other.query("update counter set value = value + 10") }
                try await connection.query("update counter set value = \(seen + 1)")
            }
            #expect(attempts == 6)
            #expect(try await value(connection) == 51)
            // And then everybody passes again.
            _ = try await other.transaction(isolation: .serializable, repeatable: true) { other in
                try await other.query("update counter set value = 0")
            }
            #expect(try await value(connection) == 0)
        }
    }

    @Test func `are not tried again for errors that stay`() async throws {
        try await withCounter { connection, _ in
            var attempts = 0
            let error = await #expect(throws: PostgresError.self) {
                try await connection.transaction(repeatable: true) { connection in
                    attempts += 1
                    try await connection.query("select 1 / 0")
                }
            }
            #expect(error?.sqlState?.rawValue == "22012")
            #expect(attempts == 1)
        }
    }

    private func value(_ connection: Connection) async throws -> Int {
        try await connection.query("select value from counter").one()[0]
    }

    /// Two connections to a database with one number, 0, in it.
    private func withCounter(_ body: (Connection, Connection) async throws -> Void) async throws {
        try await withDatabase { options in
            let connection = try await Connection.open(options)
            try await connection.execute(
                script: "create table counter (value int not null); insert into counter values (0)")
            try await body(connection, try await Connection.open(options))
        }
    }
}
