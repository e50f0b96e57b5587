import TestSupport
import Testing

@testable import Postgres

@Suite struct `Listening` {
    @Test func `tells when it begins, then what is notified, in order`() async throws {
        try await withDatabase { options in
            let connection = try await Connection.open(options)
            var heard = Notifications(options, channels: ["bed", #"odd "name""#]).makeAsyncIterator()
            #expect(await heard.next() == .everythingMayHaveChanged)
            try await connection.transaction { connection in
                try await connection.query("select pg_notify('bed', 's1')")
                try await connection.query("select pg_notify('other', 'x')")
                try await connection.query(#"select pg_notify('odd "name"', '')"#)
            }
            #expect(await heard.next() == notification("bed", "s1"))
            #expect(await heard.next() == notification(#"odd "name""#, ""))
        }
    }

    @Test func `begins again after the connection is lost, and says that everything may have changed`() async throws {
        try await withDatabase { options in
            let connection = try await Connection.open(options)
            var heard = Notifications(options, channels: ["bed"]).makeAsyncIterator()
            #expect(await heard.next() == .everythingMayHaveChanged)
            for _ in 0..<2 {
                let ended: Int = try await connection.query(
                    """
                    select count(pg_terminate_backend(pid, 60000)) from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid()
                      and backend_type = 'client backend'
                    """
                ).one()[0]
                #expect(ended == 1)
                #expect(await heard.next() == .everythingMayHaveChanged)
                try await connection.query("notify bed, 's2'")
                #expect(await heard.next() == notification("bed", "s2"))
            }
        }
    }

    @Test func `ends with its task and closes the connection`() async throws {
        try await withDatabase { options in
            let connection = try await Connection.open(options)
            let (begun, signal) = AsyncStream<Void>.makeStream()
            let task = Task {
                for await _ in Notifications(options, channels: ["bed"]) { signal.yield() }
            }
            for await _ in begun { break }
            task.cancel()
            await task.value
            var others = 1
            while others > 0 {
                others = try await connection.query(
                    """
                    select count(*) from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid()
                      and backend_type = 'client backend'
                    """
                ).one()[0]
            }
        }
    }

    private func notification(_ channel: String, _ payload: String) -> Notifications.Element {
        .notification(Notification(channel: channel, payload: payload))
    }
}
