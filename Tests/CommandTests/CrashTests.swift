import Foundation
import Postgres
import TestSupport
import Testing

extension CommandTests {
    /// The program and PostgreSQL killed while several give the same few beds away.
    ///
    /// `ONDERDAK_COMMITS` says how many commands and transactions are tried (28 by default), `ONDERDAK_CRASHES` how often the
    /// server is killed meanwhile (2), one time its first process and one time one of a client.
    @Suite struct CrashTests {
        private static let environment = ProcessInfo.processInfo.environment
        private static let commits = Int(environment["ONDERDAK_COMMITS"] ?? "") ?? 28
        private static let crashes = Int(environment["ONDERDAK_CRASHES"] ?? "") ?? 2
        /// Clients of each kind.
        private static let clients = 4
        private static let requests = 24
        private static let units = ["open", "single", "exclusive"]

        @Test
        func `Whoever is killed, nothing that was answered is lost, doubled or against what the database guarantees`()
            async throws
        {
            try await DurableServer.run { server in
                try await Self.prepare(server)
                let progress = Progress()
                let each = Self.commits / (2 * Self.clients)
                let firstCrash = Task { try await Self.crash(1, server, progress) }
                let records = try await withThrowingTaskGroup(of: Record.self) { group in
                    var connections: [Connection] = []
                    for _ in 0..<Self.clients { connections.append(try await Connection.open(server.options)) }
                    for (client, connection) in connections.enumerated() {
                        group.addTask { try await Commands(server, client, progress).run(each) }
                        group.addTask {
                            try await Transactions(server, client, progress, connection, firstCrash).run(each)
                        }
                    }
                    group.addTask {
                        try await firstCrash.value
                        for number in (1...Self.crashes).dropFirst() { try await Self.crash(number, server, progress) }
                        return Record()
                    }
                    return try await group.reduce(into: Record()) { $0.add($1) }
                }
                #expect(records.surprises == [])
                #expect(records.killed > 0 && records.unanswered > 0)
                #expect(!records.accepted.isEmpty && !records.refused.isEmpty && !records.committed.isEmpty)
                try await Self.compare(records, Self.recovered(server))
                if Self.environment["ONDERDAK_COMMITS"] != nil {
                    print(
                        "\(Self.commits) commands and transactions: \(records.answered.count) answered, "
                            + "\(records.refused.count) refused, \(records.accepted.count) offers accepted, "
                            + "\(records.committed.count) transactions committed, \(records.rolledBack.count) rolled back; "
                            + "programs killed \(records.killed), without an answer \(records.unanswered), "
                            + "server killed \(Self.crashes) times")
                }
            }
        }

        /// What was answered, compared with what the database has.
        private static func compare(_ records: Record, _ connection: Connection) async throws {
            #expect(try await brokenGuarantees(on: connection) == [])
            // Every command was repeated until it was answered, so the database has those that were, once each, and no other.
            let keys = try await connection.query("SELECT key FROM command").map { try $0["key", as: String.self] }
            #expect(keys.sorted() == records.answered.sorted())
            #expect(Set(keys).isDisjoint(with: records.refused))
            let accepted = try await connection.query(
                """
                SELECT o.id AS offer FROM outbox AS e JOIN offer AS o ON o.id = (e.subject ->> 'offer')::integer
                WHERE e.kind = 'offer-accepted' AND o.made_by <> 'desk/sql'
                """
            ).map { try $0["offer", as: Int.self] }
            #expect(accepted.sorted() == records.accepted.sorted())
            let lost = try await connection.query(
                """
                SELECT FROM offer AS o WHERE o.id = ANY (\(records.accepted)) AND o.state <> 'accepted' AND NOT EXISTS (
                    -- But those whose agreement somebody broke.
                    SELECT FROM request_event AS e
                    WHERE e.request = o.request AND e.from_state = 'accepted' AND e.to_state = 'submitted')
                """)
            #expect(lost.isEmpty)
            // A transaction is there if its commit was answered, and may be there if nothing was.
            let committed = try await connection.query(
                "SELECT subject ->> 'mark' AS mark FROM outbox WHERE kind = 'mark'"
            )
            .map { try $0["mark", as: String.self] }
            #expect(committed.count == Set(committed).count)
            #expect(Set(committed).isSuperset(of: records.committed))
            #expect(Set(committed).isDisjoint(with: records.rolledBack))
            await connection.close()
        }

        private static func crash(_ number: Int, _ server: DurableServer, _ progress: Progress) async throws {
            await progress.reach(number * commits / (crashes + 1))
            try await number % 2 == 1 ? server.killAndStartAgain() : killClient(of: server)
        }

        /// Returns when the server has noticed, or nobody is connected.
        private static func killClient(of server: DurableServer) async throws {
            guard let connection = try? await Connection.open(server.options) else { return }
            var pid: Int?
            repeat {
                pid = try? await connection.query(
                    """
                    SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
                    ORDER BY state = 'active' DESC, random() LIMIT 1
                    """
                ).first?["pid"]
                if let pid { kill(pid_t(pid), SIGKILL) }
            } while pid != nil
            await connection.close()
        }

        /// A connection to the server, once it has recovered.
        private static func recovered(_ server: DurableServer) async -> Connection {
            while true {
                if let connection = try? await Connection.open(server.options) { return connection }
            }
        }

        private static func prepare(_ server: DurableServer) async throws {
            let options = try await server.options
            let migrated = try await Program(["migrate"], database: options).run()
            try #require(migrated.status == 0, "\(migrated.messages)")
            let connection = try await Connection.open(options)
            for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
                let value: String = try await connection.query("SELECT current_setting(\(setting)) AS value").one()[
                    "value"]
                #expect(value == "on", "\(setting)")
            }
            try await connection.execute(
                script: """
                    INSERT INTO simulated_clock (at) VALUES ('2026-01-05 12:00+01');
                    INSERT INTO region VALUES ('north', 'North');
                    INSERT INTO planning_policy VALUES (true, 1, 7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
                    INSERT INTO shelter SELECT 's-' || unit, 'north', 2, '{}', unit, 'women', 'shelter', NULL
                    FROM unnest('{\(units.joined(separator: ","))}'::text[]) AS unit;
                    INSERT INTO unit SELECT substr(id, 3), id, 'women', '{female,male}', NULL, NULL, NULL, '{}',
                        CASE id WHEN 's-single' THEN 'single-sex' ELSE 'any' END, id = 's-exclusive', 1, NULL, 'victim', NULL, 1, 0
                    FROM shelter;
                    INSERT INTO bed_change SELECT id, '2026-01-01', 2, NULL, 'country' FROM unit;
                    INSERT INTO victim SELECT 'v' || n, CASE WHEN n % 3 = 0 THEN 'male' ELSE 'female' END, '1990-01-01', 1, 4, '2026-01-01'
                    FROM generate_series(1, \(requests)) AS n;
                    INSERT INTO victim_phase SELECT id, '2026-01-01', 'reflection' FROM victim;
                    INSERT INTO request (id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted, region)
                    SELECT 'r' || n, 'unit', 'urgent', '2026-01-05', '2026-01-05', '2026-02-05', 10, false, 'north'
                    FROM generate_series(1, \(requests)) AS n;
                    INSERT INTO request_victim (request, victim) SELECT 'r' || n, 'v' || n FROM generate_series(1, \(requests)) AS n;
                    INSERT INTO no_contact SELECT 'v' || n, 'v' || n + 1, 'unit', '[2026-01-01,)' FROM generate_series(1, 20, 5) AS n;
                    INSERT INTO access.legal_basis (kind, role, categories, days, reference)
                    SELECT 'law', role, '{profile,avoid,phase,investigation}', '[2026-01-01,)', 'a law of the test'
                    FROM unnest('{desk,coordinator,shelter}'::text[]) AS role
                    """)
            await connection.close()
        }
    }
}

/// How many commands and transactions were tried.
private actor Progress {
    private var count = 0
    private var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

    func step() {
        count += 1
        for waiter in waiting where waiter.count <= count { waiter.continuation.resume() }
        waiting.removeAll { $0.count <= count }
    }

    func reach(_ wanted: Int) async {
        if count >= wanted { return }
        await withCheckedContinuation { waiting.append((wanted, $0)) }
    }
}

/// What clients were told.
private struct Record: Sendable {
    /// The keys of commands that were done, and of those that were refused.
    var (answered, refused): ([String], [String]) = ([], [])
    /// The offers that were accepted.
    var accepted: [Int] = []
    /// The marks of transactions that were committed, and of those that were not.
    var (committed, rolledBack): ([String], [String]) = ([], [])
    /// Programs that were killed, and commands or transactions that ended without an answer.
    var (killed, unanswered) = (0, 0)
    var surprises: [String] = []

    /// Whether offers were accepted and commands refused, or else there is no hope of that.
    var hasEverything: Bool { !surprises.isEmpty || !accepted.isEmpty && !refused.isEmpty }

    mutating func add(_ other: Record) {
        answered += other.answered
        refused += other.refused
        accepted += other.accepted
        committed += other.committed
        rolledBack += other.rolledBack
        killed += other.killed
        unanswered += other.unanswered
        surprises += other.surprises
    }
}

/// A client that runs the program, kills it now and then, and repeats each command with its key until it is answered.
private struct Commands {
    let server: DurableServer
    let client: Int
    let progress: Progress
    var record = Record()

    init(_ server: DurableServer, _ client: Int, _ progress: Progress) {
        (self.server, self.client, self.progress) = (server, client, progress)
    }

    consuming func run(_ count: Int) async throws -> Record {
        for number in 0... {
            // However unlucky the client is, in the end something of its is accepted, and something refused.
            if number >= count, record.hasEverything { break }
            let (request, unit) = (
                "r\(Int.random(in: 1...24))", ["open", "single", "exclusive"].randomElement() ?? "open"
            )
            let key = "\(client)-\(number)"
            if Int.random(in: 0..<5) == 0 {
                _ = try await answer(
                    ["placement", "break", request, "--reason", "no-show", "--as", "desk/d"], key: key)
            } else {
                let day = Int.random(in: 10...28)
                let made = try await answer(
                    ["offer", "make", request, "--unit", unit, "--from", "2026-01-\(day)", "--as", "desk/d"], key: key)
                if let made, let offer = Int(made.dropFirst("offer ".count).prefix { $0.isNumber }) {
                    let accept = ["offer", "accept", String(offer), "--as", "shelter/s-\(unit)"]
                    if try await answer(accept, key: key + "-accept") != nil { record.accepted.append(offer) }
                }
            }
            await progress.step()
        }
        return record
    }

    /// What the program says once it says something; nil: it refuses.
    private mutating func answer(_ arguments: [String], key: String) async throws -> String? {
        for _ in 0..<500 {
            let isFirst = record.killed == 0
            let outcome = try await Program(arguments + ["--key", key], database: server.options).run { pid in
                guard isFirst || Int.random(in: 0..<3) == 0 else { return }
                // At a random moment of its life; the first at once, when it cannot have ended.
                if !isFirst { try await Task.sleep(for: .milliseconds(Int.random(in: 0...150))) }
                kill(pid, SIGKILL)
            }
            switch outcome.status {
            case 0:
                record.answered.append(key)
                return outcome.text
            case 2, 65:
                record.refused.append(key)
                return nil
            case ..<0: record.killed += 1
            // The server is away, or they collided too often.
            case 1: record.unanswered += 1
            default: record.surprises.append("\(arguments): \(outcome.status) \(outcome.messages)")
            }
        }
        record.surprises.append("\(arguments) was never answered")
        return nil
    }
}

/// A client that talks SQL itself, each transaction with a mark of its own; the last only after the first crash, so that it
/// is connected when that comes.
private struct Transactions {
    let server: DurableServer
    let client: Int
    let progress: Progress
    let first: Connection
    let firstCrash: Task<Void, any Error>
    var record = Record()

    init(
        _ server: DurableServer, _ client: Int, _ progress: Progress, _ first: Connection,
        _ firstCrash: Task<Void, any Error>
    ) {
        (self.server, self.client, self.progress) = (server, client, progress)
        (self.first, self.firstCrash) = (first, firstCrash)
    }

    consuming func run(_ count: Int) async throws -> Record {
        var connection: Connection? = first
        var number = 0
        while number < count {
            if number == count - 1 { try await firstCrash.value }
            guard let open = if let connection { connection } else { try? await Connection.open(server.options) } else {
                continue
            }
            connection = open
            let mark = "\(client)-\(number)"
            do {
                try await attempt(mark, on: open)
                record.committed.append(mark)
            } catch let error as PostgresError {
                if error.constraint != nil || error.isTransient {
                    record.rolledBack.append(mark)
                } else {
                    if let state = error.sqlState?.rawValue, !state.hasPrefix("57"), !state.hasPrefix("08") {
                        record.surprises.append("\(error)")
                    }
                    record.unanswered += 1
                    await open.close()
                    connection = nil
                }
            }
            number += 1
            await progress.step()
        }
        await connection?.close()
        return record
    }

    private func attempt(_ mark: String, on connection: Connection) async throws {
        let (request, unit) = ("r\(Int.random(in: 1...24))", ["open", "single", "exclusive"].randomElement() ?? "open")
        let (from, length) = (Int.random(in: 5...25), Int.random(in: 1...12))
        let isolation = [IsolationLevel.readCommitted, .repeatableRead, .serializable].randomElement() ?? .serializable
        let choice = Int.random(in: 0..<4)
        try await connection.transaction(isolation: isolation) { connection in
            switch choice {
            case 0:
                try await connection.query(
                    "UPDATE request SET state = 'submitted' WHERE id = \(request) AND state = 'accepted'")
            case 1:
                try await connection.query(
                    """
                    UPDATE stay SET unit = \(unit), days = daterange('2026-01-01'::date + \(from)::integer, '2026-01-01'::date + \(from)::integer + \(length)::integer)
                    WHERE request = \(request)
                    """)
            default:
                let first: String = try await connection.query(
                    "SELECT ('2026-01-01'::date + \(from)::integer)::text AS day"
                )
                .one()["day"]
                try await placeInPlainSQL(request, in: unit, from: first, days: length, on: connection)
            }
            try await connection.query("SELECT emit('mark', jsonb_build_object('mark', \(mark)::text))")
        }
    }
}
