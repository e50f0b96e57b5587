import Postgres
import ServiceLifecycle
import Synchronization

/// Rings for all who wait for something, events for example, whenever there may be new ones, and every heartbeat: one
/// listening connection to the database for all of them. When it is stopped, whoever listens hears no more and ends.
final class Bell: Service {
    private struct Listener {
        let credential: String
        let stream: AsyncStream<Void>.Continuation
    }

    private struct Listeners {
        var isStopped = false
        var next = 0
        var all: [Int: Listener] = [:]
    }

    private let signals: Notifications
    private let heartbeat: Duration
    /// How often one token may listen at the same time.
    private let most: Int
    private let listeners = Mutex(Listeners())

    init(_ signals: Notifications, heartbeat: Duration, listeners most: Int) {
        self.signals = signals
        self.heartbeat = heartbeat
        self.most = most
    }

    /// Hears it ring, at once for the first time; several rings that nobody has come to hear are one. Who lets go of the
    /// stream listens no more.
    ///
    /// - Parameter credential: Who listens.
    /// - Throws: `tooManyRequests`: they listen as often as they may already.
    func rings(for credential: String) throws(Problem) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let most = most
        let number = try listeners.withLock { listeners throws(Problem) -> Int? in
            if listeners.isStopped { return nil }
            guard listeners.all.values.count(where: { $0.credential == credential }) < most else {
                throw Problem(
                    .tooManyRequests, english: "this token listens \(most) times already: end one of them first",
                    dutch: "dit token luistert al \(most) keer: beëindig er eerst een")
            }
            listeners.next += 1
            listeners.all[listeners.next] = Listener(credential: credential, stream: continuation)
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
                    for await _ in self.signals { self.ring() }
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
        let all = listeners.withLock { Array($0.all.values) }
        for listener in all { listener.stream.yield() }
    }

    private func stop() {
        let all = listeners.withLock { listeners in
            listeners.isStopped = true
            return Array(listeners.all.values)
        }
        for listener in all { listener.stream.finish() }
    }

    private func forget(_ number: Int) {
        _ = listeners.withLock { $0.all.removeValue(forKey: number) }
    }
}
