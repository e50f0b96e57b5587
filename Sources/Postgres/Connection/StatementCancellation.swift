internal import CLibpq
internal import Dispatch
internal import Synchronization

/// Asks the server to stop what a connection is running.
///
/// `@unchecked Sendable`: libpq's manual (34.7) says that a `PGcancel` is read-only as far as `PQcancel` is concerned,
/// so that any thread may use it; it is freed when nobody holds this object any more.
final class StatementCancellation: @unchecked Sendable {
    private let cancel: OpaquePointer
    private let requested = Atomic(false)

    init(_ cancel: OpaquePointer) {
        self.cancel = cancel
    }

    deinit {
        PQfreeCancel(cancel)
    }

    /// Whether it was ever asked: the request may then still hit a later statement, so the connection is spent.
    var wasRequested: Bool { requested.load(ordering: .acquiring) }

    /// Returns at once; `PQcancel` connects to the server, which must not block the task that cancels.
    func request() {
        requested.store(true, ordering: .releasing)
        DispatchQueue.global().async { [self] in
            _ = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
                PQcancel(cancel, message.baseAddress, Int32(message.count))
            }
        }
    }
}
