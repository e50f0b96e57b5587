import Hummingbird
import NIOCore
import Synchronization

/// The connections that are open, and what callers were told at the door (``RequestGuard``) while their request was under
/// way: whoever carries the request out (``Responder``) notes that, and not the answer that nobody got.
final class OpenConnections: Sendable {
    /// One of them.
    final class Connection: Sendable {
        private let code = Mutex<ProblemCode?>(nil)
        private let hasEnded = Atomic(false)

        /// What the caller was told; nil: nothing yet.
        var told: ProblemCode? { code.withLock { $0 } }

        func tell(_ told: ProblemCode) { code.withLock { $0 = told } }

        /// Whether the caller has hung up, and so hardly waits for an answer.
        var isAbandoned: Bool { hasEnded.load(ordering: .relaxed) }

        func abandon() { hasEnded.store(true, ordering: .relaxed) }
    }

    private let open = Mutex<[ObjectIdentifier: Connection]>([:])

    func add(_ channel: any Channel) -> Connection {
        let connection = Connection()
        open.withLock { $0[ObjectIdentifier(channel)] = connection }
        return connection
    }

    func remove(_ channel: any Channel) {
        _ = open.withLock { $0.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    /// The connection of a channel; nil: it has ended.
    subscript(_ channel: any Channel) -> Connection? { open.withLock { $0[ObjectIdentifier(channel)] } }
}

/// What Hummingbird tells of a request beside it: the channel on which it came.
struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
