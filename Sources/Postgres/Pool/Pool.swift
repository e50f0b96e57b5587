public import Logging
public import ServiceLifecycle
internal import Synchronization

/// Connections that callers lease one at a time, first come, first served.
///
/// It opens connections when they are needed and works without ``run()``; as a service it also closes those that were
/// idle for long, and shuts down gracefully. Without a service call ``shutDown()`` at the end.
public final class Pool: Service {
    /// How many connections, and how long.
    public struct Limits: Sendable {
        /// Connections at once. Each has a thread here and a process at the server, so tens, not hundreds: twice the
        /// cores and a few keeps a server busy, and all processes together must stay below its `max_connections` (100).
        public var maximumConnections = 8
        /// How long a caller may wait for a connection.
        public var acquireTimeout: Duration = .seconds(10)
        /// After how long an idle connection is closed.
        public var idleTimeout: Duration = .seconds(60)
        /// After how long a connection is not used again, so that all are replaced now and then; up to a tenth less, at
        /// random, so that not all are replaced at once.
        public var maximumLifetime: Duration = .seconds(3600)
        /// After how long an idle connection has to answer before it is used.
        public var pingAfterIdle: Duration = .seconds(1)
        /// How long a shutdown waits for connections in use.
        public var drainTimeout: Duration = .seconds(20)

        /// The limits above.
        public init() {}
    }

    /// How the connections are used at a moment.
    public struct Statistics: Sendable, Equatable {
        /// Connections in use, or being opened.
        public let leased: Int
        /// Connections waiting for a caller.
        public let idle: Int
        /// Callers waiting for a connection.
        public let waiting: Int
    }

    private typealias State = PoolState<Connection>

    private struct Guarded {
        var state: State
        var continuations: [State.WaiterID: CheckedContinuation<State.Grant, Never>] = [:]
    }

    /// Which database, and how.
    public let options: ConnectionOptions
    private let limits: Limits
    private let clock: ElapsedClock
    private let logger: Logger
    private let guarded: Mutex<Guarded>

    /// A pool without connections yet.
    public init(
        _ options: ConnectionOptions,
        limits: Limits = Limits(),
        clock: some Clock<Duration> = ContinuousClock(),
        logger: Logger = Logger(label: "postgres.pool")
    ) {
        precondition(limits.maximumConnections > 0, "a pool needs at least one connection")
        self.options = options
        self.limits = limits
        self.clock = ElapsedClock(clock)
        self.logger = logger
        guarded = Mutex(
            Guarded(state: State(maximumConnections: limits.maximumConnections, idleTimeout: limits.idleTimeout))
        )
    }

    /// How the connections are used now.
    public var statistics: Statistics {
        guarded.withLock {
            Statistics(leased: $0.state.leased, idle: $0.state.idle.count, waiting: $0.state.waiting)
        }
    }

    /// Lends `body` a connection of its own. It goes back when `body` ends, so `body` must not keep it.
    ///
    /// What belongs to the session outlives the lease: use `set local`, transaction-level advisory locks, no `listen`.
    /// - Throws: What `body` throws; `poolExhausted`, `poolShutDown`, `cancelled`, `connectionFailed`.
    public func withConnection<Success>(_ body: (Connection) async throws -> Success) async throws -> Success {
        let lease = try await lease()
        do {
            let success = try await body(lease.connection)
            await release(lease)
            return success
        } catch {
            await release(lease)
            throw error
        }
    }

    /// Runs `body` in a transaction on a connection of its own; see the connection's method of this name.
    public func transaction<Success>(
        isolation: IsolationLevel = .readCommitted,
        readOnly: Bool = false,
        repeatable: Bool = false,
        opening: String? = nil,
        file: String = #fileID,
        line: Int = #line,
        _ body: (Connection) async throws -> Success
    ) async throws -> Success {
        try await withConnection { connection in
            try await connection.transaction(
                isolation: isolation,
                readOnly: readOnly,
                repeatable: repeatable,
                opening: opening,
                file: file,
                line: line,
                body
            )
        }
    }

    /// Runs one statement on any connection; see the connection's method of this name.
    @discardableResult
    public func query(
        _ statement: Statement,
        file: String = #fileID,
        line: Int = #line
    ) async throws -> Rows {
        try await withConnection { try await $0.query(statement, file: file, line: line) }
    }

    /// Closes what has been idle for long, until the service is to stop; then shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await self.clock.sleep(self.limits.idleTimeout / 2)) != nil {
                await self.reap()
            }
        }
        await shutDown()
    }

    /// Refuses new callers and waits for connections in use, for as long as the limits say.
    public func shutDown() async {
        let (refused, closed) = guarded.withLock { $0.state.shutDown() }
        answer(refused)
        for lease in closed { await lease.connection.close() }
        _ = await wait(atMost: limits.drainTimeout) { state, waiter in state.drain(waiter) }
        let leased = statistics.leased
        if leased > 0 { logger.warning("connections are still in use at the end", metadata: ["leased": "\(leased)"]) }
    }

    /// Closes the connections that were idle for too long.
    func reap() async {
        let now = clock.now()
        for lease in guarded.withLock({ $0.state.reap(now: now) }) { await lease.connection.close() }
    }

    // MARK: - Leases

    private func lease() async throws(PostgresError) -> State.Lease {
        let clock = clock
        switch await wait(atMost: limits.acquireTimeout, for: { $0.lease($1, now: clock.now()) }) {
        case .reuse(let lease, let idleFor):
            if await lease.connection.isAlive(ping: idleFor > limits.pingAfterIdle) { return lease }
            logger.debug("a connection was lost while idle and is replaced")
            await lease.connection.close()
            return try await open()
        case .open: return try await open()
        case .timedOut:
            throw .poolExhausted(limit: limits.maximumConnections, waited: limits.acquireTimeout)
        case .shutDown, .drained: throw .poolShutDown
        case .cancelled: throw .cancelled
        }
    }

    /// Opens a connection in the caller's slot, which is given back when that fails.
    private func open() async throws(PostgresError) -> State.Lease {
        do {
            let connection = try await Connection.open(options)
            let lifetime = limits.maximumLifetime * Double.random(in: 0.9...1)
            return State.Lease(connection: connection, expiresAt: clock.now() + lifetime)
        } catch {
            answer(guarded.withLock { $0.state.slotFreed() })
            throw error
        }
    }

    private func release(_ lease: State.Lease) async {
        let isReusable = lease.connection.isReusable
        if !isReusable { await lease.connection.close() }
        let now = clock.now()
        switch guarded.withLock({ $0.state.release(lease, isReusable: isReusable, now: now) }) {
        case .keep: break
        case .handOver(let waiter, let grant): answer([(waiter, grant)])
        case .close(let next):
            await lease.connection.close()
            answer(next)
        }
    }

    // MARK: - Waiting

    /// Asks the state and, when it has no answer yet, waits for one, a timeout or the task's cancellation.
    private func wait(
        atMost timeout: Duration,
        for request: (inout State, State.WaiterID) -> State.Grant?
    ) async -> State.Grant {
        let waiter = guarded.withLock { $0.state.makeWaiterID() }
        var timer: Task<Void, Never>?
        defer { timer?.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: State.Grant? = guarded.withLock { guarded in
                    // Under the lock: a cancellation from here on finds the waiter that is put down here.
                    if Task.isCancelled { return .cancelled }
                    if let grant = request(&guarded.state, waiter) { return grant }
                    guarded.continuations[waiter] = continuation
                    return nil
                }
                if let answer {
                    continuation.resume(returning: answer)
                } else {
                    timer = Task { [clock] in
                        if (try? await clock.sleep(timeout)) != nil { self.abandon(waiter, .timedOut) }
                    }
                }
            }
        } onCancel: {
            abandon(waiter, .cancelled)
        }
    }

    private func abandon(_ waiter: State.WaiterID, _ reason: State.Grant) {
        if guarded.withLock({ $0.state.abandon(waiter) }) { answer([(waiter, reason)]) }
    }

    private func answer(_ grants: [(State.WaiterID, State.Grant)]) {
        for (waiter, grant) in grants {
            guarded.withLock { $0.continuations.removeValue(forKey: waiter) }?.resume(returning: grant)
        }
    }
}
