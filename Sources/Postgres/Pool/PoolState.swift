internal import DequeModule

/// Who has which connection, who waits, and who is next: a pool's decisions without its connections, clock and locks.
///
/// Every method answers what the pool has to do; times are counted from the pool's start. A *slot* is the right to one
/// connection: it is in use by a lease or idle, and there are never more than the limit.
struct PoolState<Connection> {
    typealias WaiterID = Int

    /// A connection in the hands of one caller, or idle.
    struct Lease {
        let connection: Connection
        /// When it is too old to be used again.
        let expiresAt: Duration
        fileprivate(set) var idleSince: Duration = .zero
    }

    /// What a caller that asked gets.
    enum Grant {
        /// A connection that was idle for a while.
        case reuse(Lease, idleFor: Duration)
        /// A slot, to open a connection in.
        case open
        /// Everything is closed.
        case drained
        case cancelled
        case timedOut
        case shutDown
    }

    let maximumConnections: Int
    let idleTimeout: Duration
    /// The slots in use and idle.
    private(set) var slots = 0
    /// Oldest first; the youngest is given, so that a few stay warm and the rest can go.
    private(set) var idle: [Lease] = []
    private(set) var isShutDown = false
    private var waiters: Deque<WaiterID> = []
    private var drainers: [WaiterID] = []
    private var nextWaiterID = 0

    var waiting: Int { waiters.count }
    var leased: Int { slots - idle.count }

    init(maximumConnections: Int, idleTimeout: Duration) {
        self.maximumConnections = maximumConnections
        self.idleTimeout = idleTimeout
    }

    mutating func makeWaiterID() -> WaiterID {
        nextWaiterID += 1
        return nextWaiterID
    }

    /// Asks for a connection; `nil` when the caller has to wait.
    mutating func lease(_ waiter: WaiterID, now: Duration) -> Grant? {
        if isShutDown { return .shutDown }
        if let lease = idle.popLast() { return .reuse(lease, idleFor: now - lease.idleSince) }
        if slots < maximumConnections {
            slots += 1
            return .open
        }
        waiters.append(waiter)
        return nil
    }

    /// Takes a connection back: for the first who waits, or to keep. What is not reusable has been closed by then.
    mutating func release(_ lease: Lease, isReusable: Bool, now: Duration) -> Released {
        guard isReusable, !isShutDown, now < lease.expiresAt else { return .close(next: slotFreed()) }
        if let waiter = waiters.popFirst() { return .handOver(waiter, .reuse(lease, idleFor: .zero)) }
        var lease = lease
        lease.idleSince = now
        idle.append(lease)
        return .keep
    }

    /// What becomes of a connection that was given back.
    enum Released {
        case keep
        case handOver(WaiterID, Grant)
        case close(next: [(WaiterID, Grant)])
    }

    /// Takes back a slot whose connection is closed, or was never opened: the first who waits opens one in it.
    mutating func slotFreed() -> [(WaiterID, Grant)] {
        if let waiter = waiters.popFirst() { return [(waiter, .open)] }
        slots -= 1
        return drainedWaiters()
    }

    /// Forgets who waits no longer; false when it has been answered before.
    mutating func abandon(_ waiter: WaiterID) -> Bool {
        if let index = waiters.firstIndex(of: waiter) {
            waiters.remove(at: index)
            return true
        }
        if let index = drainers.firstIndex(of: waiter) {
            drainers.remove(at: index)
            return true
        }
        return false
    }

    /// The idle connections to close because they were idle for too long, or are too old.
    mutating func reap(now: Duration) -> [Lease] {
        let isDue: (Lease) -> Bool = { $0.idleSince + idleTimeout <= now || $0.expiresAt <= now }
        let due = idle.filter(isDue)
        idle.removeAll(where: isDue)
        slots -= due.count
        return due
    }

    /// Takes no callers any more; the idle connections are to be closed.
    mutating func shutDown() -> (refused: [(WaiterID, Grant)], closed: [Lease]) {
        isShutDown = true
        let refused = waiters.map { ($0, Grant.shutDown) }
        waiters.removeAll()
        let closed = idle
        idle.removeAll()
        slots -= closed.count
        return (refused + drainedWaiters(), closed)
    }

    /// Asks to be told when no connection is left after a shutdown; `nil` when that has to be waited for.
    mutating func drain(_ waiter: WaiterID) -> Grant? {
        if isShutDown && slots == 0 { return .drained }
        drainers.append(waiter)
        return nil
    }

    private mutating func drainedWaiters() -> [(WaiterID, Grant)] {
        guard isShutDown, slots == 0 else { return [] }
        defer { drainers.removeAll() }
        return drainers.map { ($0, .drained) }
    }
}

extension PoolState.Lease: Sendable where Connection: Sendable {}
extension PoolState.Grant: Sendable where Connection: Sendable {}
extension PoolState.Released: Sendable where Connection: Sendable {}
