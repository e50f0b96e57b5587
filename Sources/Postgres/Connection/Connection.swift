internal import CLibpq
internal import Foundation
internal import Synchronization

/// A connection to PostgreSQL, with a thread of its own that waits for the server's answers.
///
/// Statements of several tasks queue. A transaction belongs to one task only, so take connections from a ``Pool``,
/// which leases each to one caller at a time.
public actor Connection {
    private nonisolated let thread = ConnectionThread(name: "postgres")
    private nonisolated let resting = RestingState()
    private var handle = ConnectionHandle()

    /// The thread that runs this actor.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private init() {}

    deinit {
        thread.stop()
    }

    /// Connects.
    ///
    /// - Throws: `connectionFailed`, at the latest after the options' `connectTimeout`.
    public static func open(_ options: ConnectionOptions) async throws(PostgresError) -> Connection {
        let connection = Connection()
        try await connection.connect(options)
        return connection
    }

    private func connect(_ options: ConnectionOptions) throws(PostgresError) {
        defer { noteState() }
        try handle.open(options)
    }

    /// Closes the connection; the server rolls back what was not committed.
    public func close() {
        handle.close()
        noteState()
    }

    private func noteState() { resting.note(handle) }

    /// Whether the connection can be used.
    public var isOpen: Bool { handle.isOpen }

    /// Runs one statement, with its values bound as parameters.
    ///
    /// When the task is cancelled meanwhile, the server is told to stop, and the connection is closed.
    /// - Throws: `server` when PostgreSQL refuses it, `invalidStatement` for text with a NUL character, `cancelled`,
    ///   `connectionLost`, `connectionClosed`.
    @discardableResult
    public func query(
        _ statement: Statement,
        file: String = #fileID,
        line: Int = #line
    ) async throws(PostgresError) -> Rows {
        try await cancellable { () throws(PostgresError) in
            try handle.execute(statement.sql, statement.parameters, place: "\(file):\(line)")
        }
    }

    /// Runs a script of any number of statements, without parameters; it is one transaction unless it says otherwise.
    ///
    /// - Throws: as ``query(_:file:line:)``; a server error's `position` counts from the start of the script.
    public func execute(
        script: String,
        file: String = #fileID,
        line: Int = #line
    ) async throws(PostgresError) {
        try await cancellable { () throws(PostgresError) in
            try handle.execute(script: script, place: "\(file):\(line)")
        }
    }

    /// Runs what blocks, so that cancelling the task ends it.
    private func cancellable<Success>(
        _ operation: () throws(PostgresError) -> Success
    ) async throws(PostgresError) -> Success {
        if Task.isCancelled { throw .cancelled }
        guard let cancellation = handle.cancellation else { throw .connectionClosed }
        let result = await withTaskCancellationHandler {
            // A call of the actor's: a closure that captures nothing of the actor would block a thread of the
            // cooperative pool instead of the connection's own.
            self.result(of: operation)
        } onCancel: {
            cancellation.request()
        }
        // The request may reach the server late and stop a later statement, so there must be none.
        if cancellation.wasRequested { handle.close() }
        noteState()
        if case .failure(let error) = result, error.sqlState == .queryCanceled, cancellation.wasRequested {
            throw .cancelled
        }
        return try result.get()
    }

    private func result<Success>(
        of operation: () throws(PostgresError) -> Success
    ) -> Result<Success, PostgresError> {
        Result(catching: operation)
    }
}

// MARK: - Transactions

extension Connection {
    var isInTransaction: Bool { handle.transactionStatus == PQTRANS_INTRANS }

    func begin(_ characteristics: String, opening: String?, place: String) throws(PostgresError) {
        if Task.isCancelled { throw .cancelled }
        guard handle.isOpen else { throw .connectionClosed }
        guard handle.transactionStatus == PQTRANS_IDLE else { throw .alreadyInTransaction }
        defer { noteState() }
        do {
            // One message, so that the server gives `opening` the instant at which the transaction began.
            try handle.execute(script: "begin \(characteristics); \(opening ?? "")", place: place)
        } catch {
            rollback()
            throw error
        }
    }

    func commit(place: String) throws(PostgresError) {
        if Task.isCancelled { throw .cancelled }
        guard handle.isOpen else { throw .connectionClosed }
        // PostgreSQL answers COMMIT with a rollback, and no error, when a statement has failed before.
        guard isInTransaction else { throw .transactionAborted }
        defer { noteState() }
        try handle.execute(script: "commit", place: place)
    }

    /// Lets others through again, also when the task is cancelled; closes the connection when that fails, which does it too.
    func openTurnstile() {
        guard handle.isOpen else { return }
        defer { noteState() }
        do {
            try handle.execute(script: Turnstile.open, place: #fileID)
        } catch {
            handle.close()
        }
    }

    /// Rolls back whatever is open, also when the task is cancelled; closes the connection when that fails.
    func rollback() {
        guard handle.isOpen, handle.transactionStatus != PQTRANS_IDLE else { return }
        defer { noteState() }
        do {
            try handle.execute(script: "rollback", place: #fileID)
        } catch {
            handle.close()
        }
    }
}

// MARK: - What the pool asks

extension Connection {
    /// Whether another caller may have the connection: open and not in a transaction, as it was left.
    nonisolated var isReusable: Bool { resting.isReusable }

    /// Whether the server is still there: it has not hung up and, when asked with a `ping`, it answers.
    nonisolated func isAlive(ping: Bool) async -> Bool {
        // A server that hangs up says farewell; where nothing was said, the thread need not be woken to hear it.
        if !ping, !resting.hasInput { return true }
        return await answers(ping: ping)
    }

    private func answers(ping: Bool) -> Bool {
        defer { noteState() }
        // Twice: the first takes in the server's farewell, if there is one, and then the second sees that it hung up.
        guard handle.consumeInput(), handle.consumeInput() else { return false }
        return !ping || (try? handle.execute(script: "", place: #fileID)) != nil
    }
}

/// How a connection was left by its last call, for whoever asks before the next one: without waking its thread, which for
/// a short request costs as much as what the request asks.
private final class RestingState: Sendable {
    private let reusable = Atomic(false)
    private let socket = Atomic<Int32>(-1)

    func note(_ handle: borrowing ConnectionHandle) {
        let isOpen = handle.isOpen
        socket.store(isOpen ? handle.socket : -1, ordering: .releasing)
        reusable.store(isOpen && handle.transactionStatus == PQTRANS_IDLE, ordering: .releasing)
    }

    var isReusable: Bool { reusable.load(ordering: .acquiring) }

    /// Whether the server has said something, or the connection is closed.
    var hasInput: Bool {
        var wanted = pollfd(fd: socket.load(ordering: .acquiring), events: Int16(POLLIN), revents: 0)
        return wanted.fd < 0 || poll(&wanted, 1, 0) != 0
    }
}

// MARK: - Notifications

extension Connection {
    /// Waits on this connection's thread until the server notifies, or until the task is cancelled.
    func notifications() async throws(PostgresError) -> [Notification] {
        let alarm = try PollAlarm()
        let result = await withTaskCancellationHandler {
            Result { () throws(PostgresError) in try waitForNotifications(alarm) }
        } onCancel: {
            alarm.ring()
        }
        return try result.get()
    }

    private func waitForNotifications(_ alarm: PollAlarm) throws(PostgresError) -> [Notification] {
        while true {
            var notifications: [Notification] = []
            while let notification = handle.nextNotification() { notifications.append(notification) }
            if !notifications.isEmpty { return notifications }
            guard handle.isOpen else { throw .connectionClosed }
            guard alarm.wait(readable: handle.socket) else { throw .cancelled }
            guard handle.consumeInput() else { throw .connectionClosed }
        }
    }
}
