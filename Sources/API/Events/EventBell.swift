import Ledger
import Postgres
import ServiceLifecycle
import Synchronization

/// Rings for all who wait for events whenever there may be new ones, and every heartbeat: one listening connection to the
/// database for all of them. When it is stopped, whoever listens hears no more and ends.
final class EventBell: Service {
    private struct Listeners {
        var isStopped = false
        var next = 0
        var streams: [Int: AsyncStream<Void>.Continuation] = [:]
    }

    private let ledger: Ledger
    private let heartbeat: Duration
    private let listeners = Mutex(Listeners())

    init(ledger: Ledger, heartbeat: Duration) {
        self.ledger = ledger
        self.heartbeat = heartbeat
    }

    /// Hears it ring, at once for the first time; several rings that nobody has come to hear are one.
    func rings() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let number: Int? = listeners.withLock { listeners in
            if listeners.isStopped { return nil }
            listeners.next += 1
            listeners.streams[listeners.next] = continuation
            return listeners.next
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in self?.forget(number) }
        continuation.yield()
        return stream
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in self.ledger.eventSignals() { self.ring() }
                }
                group.addTask {
                    while (try? await Task.sleep(for: self.heartbeat)) != nil { self.ring() }
                }
                await group.waitForAll()
            }
        }
        stop()
    }

    private func ring() {
        let streams = listeners.withLock { Array($0.streams.values) }
        for stream in streams { stream.yield() }
    }

    private func stop() {
        let streams = listeners.withLock { listeners in
            listeners.isStopped = true
            return Array(listeners.streams.values)
        }
        for stream in streams { stream.finish() }
    }

    private func forget(_ number: Int) {
        _ = listeners.withLock { $0.streams.removeValue(forKey: number) }
    }
}
