import Testing

@testable import Postgres

/// The pool's decisions, with numbers for connections.
@Suite struct `A pool's state` {
    private var state = PoolState<Int>(maximumConnections: 2, idleTimeout: .seconds(60))

    @Test mutating func `opens connections up to its limit, then lets callers wait`() {
        expect(state.lease(1, now: .zero), "open")
        expect(state.lease(2, now: .zero), "open")
        expect(state.lease(3, now: .zero), "wait")
        #expect(state.leased == 2)
        #expect(state.waiting == 1)
    }

    @Test mutating func `hands a connection to those who wait, first come, first served`() {
        fill()
        _ = state.lease(3, now: .zero)
        _ = state.lease(4, now: .zero)
        expect(state.release(lease(1), isReusable: true, now: .zero), "hand 1 to 3")
        expect(state.release(lease(2), isReusable: true, now: .zero), "hand 2 to 4")
        expect(state.release(lease(1), isReusable: true, now: .zero), "keep")
        #expect(state.idle.map(\.connection) == [1])
        #expect(state.leased == 1)
    }

    @Test mutating func `gives the connection that was used last, so that the others can go`() {
        fill()
        _ = state.release(lease(1), isReusable: true, now: .seconds(1))
        _ = state.release(lease(2), isReusable: true, now: .seconds(2))
        expect(state.lease(3, now: .seconds(5)), "reuse 2 after 3.0 seconds")
        #expect(state.reap(now: .seconds(60)).isEmpty)
        #expect(state.reap(now: .seconds(61)).map(\.connection) == [1])
        expect(state.lease(4, now: .seconds(61)), "open")
        expect(state.lease(5, now: .seconds(61)), "wait")
    }

    @Test mutating func `lets the first who waits open a connection when one is lost or could not be opened`() {
        fill()
        _ = state.lease(3, now: .zero)
        _ = state.lease(4, now: .zero)
        expect(state.release(lease(1), isReusable: false, now: .zero), "close, 3 opens")
        #expect(state.slotFreed().map(\.0) == [4])
        #expect(state.leased == 2)
        #expect(state.slotFreed().isEmpty)
        #expect(state.slotFreed().isEmpty)
        #expect(state.leased == 0)
        expect(state.lease(5, now: .zero), "open")
    }

    @Test mutating func `closes connections that are too old, in use or idle`() {
        fill()
        expect(state.release(lease(1, expiresAt: .seconds(10)), isReusable: true, now: .seconds(9)), "keep")
        #expect(state.reap(now: .seconds(9)).isEmpty)
        #expect(state.reap(now: .seconds(10)).map(\.connection) == [1])
        expect(state.release(lease(2, expiresAt: .seconds(10)), isReusable: true, now: .seconds(10)), "close")
        #expect(state.slots == 0)
    }

    @Test mutating func `forgets those who wait no longer, once`() {
        fill()
        _ = state.lease(3, now: .zero)
        _ = state.lease(4, now: .zero)
        let abandoned = [state.abandon(3), state.abandon(3)]
        #expect(abandoned == [true, false])
        expect(state.release(lease(1), isReusable: true, now: .zero), "hand 1 to 4")
        let abandonedTooLate = state.abandon(4)
        #expect(!abandonedTooLate)
    }

    @Test mutating func `refuses callers after its shutdown and tells when the last connection is closed`() {
        fill()
        _ = state.release(lease(1), isReusable: true, now: .zero)
        _ = state.lease(3, now: .zero)
        _ = state.release(lease(1), isReusable: true, now: .zero)
        _ = state.lease(4, now: .zero)
        _ = state.lease(5, now: .zero)
        let (refused, closed) = state.shutDown()
        #expect(refused.map(\.0) == [5])
        #expect(closed.isEmpty)
        expect(state.lease(6, now: .zero), "shut down")
        expect(state.drain(7), "wait")
        expect(state.release(lease(1), isReusable: true, now: .zero), "close")
        expect(state.release(lease(2), isReusable: true, now: .zero), "close, 7 drained")
        expect(state.drain(8), "drained")
    }

    @Test mutating func `closes idle connections at its shutdown`() {
        fill()
        _ = state.release(lease(1), isReusable: true, now: .zero)
        _ = state.release(lease(2), isReusable: true, now: .zero)
        let (refused, closed) = state.shutDown()
        #expect(refused.isEmpty)
        #expect(closed.map(\.connection) == [1, 2])
        expect(state.drain(3), "drained")
    }

    private mutating func fill() {
        _ = state.lease(1, now: .zero)
        _ = state.lease(2, now: .zero)
    }

    private func lease(_ connection: Int, expiresAt: Duration = .seconds(3600)) -> PoolState<Int>.Lease {
        PoolState.Lease(connection: connection, expiresAt: expiresAt)
    }

    private func expect(
        _ grant: PoolState<Int>.Grant?, _ expected: String, at location: SourceLocation = #_sourceLocation
    ) {
        #expect(describe(grant) == expected, sourceLocation: location)
    }

    private func expect(
        _ released: PoolState<Int>.Released, _ expected: String, at location: SourceLocation = #_sourceLocation
    ) {
        let described =
            switch released {
            case .keep: "keep"
            case .handOver(let waiter, .reuse(let lease, _)): "hand \(lease.connection) to \(waiter)"
            case .handOver(let waiter, let grant): "\(waiter): \(describe(grant))"
            case .close(let next):
                (["close"]
                    + next.map {
                        if case .open = $1 { "\($0) opens" } else { "\($0) \(describe($1))" }
                    }).joined(separator: ", ")
            }
        #expect(described == expected, sourceLocation: location)
    }

    private func describe(_ grant: PoolState<Int>.Grant?) -> String {
        switch grant {
        case .none: "wait"
        case .reuse(let lease, let idleFor): "reuse \(lease.connection) after \(idleFor)"
        case .open: "open"
        case .drained: "drained"
        case .cancelled: "cancelled"
        case .timedOut: "timed out"
        case .shutDown: "shut down"
        }
    }
}
