import NIOCore
import NIOPosix
import Synchronization

/// A connection between a caller and a server that is cut at the worst moments.
final class CuttingProxy: Sendable {
    /// What becomes of a caller's connection.
    enum Fate: Sendable {
        /// It is closed before anything of it was passed on.
        case refused
        /// The request is passed on, and the connection closed when the answer comes, which nobody sees.
        case cutAtAnswer
    }

    private struct State {
        var server: Int
        var fates: [Fate] = []
        var connections = 0
    }

    /// Where callers connect.
    let port: Int
    private let state: Mutex<State>
    private let cuts = AsyncStream<Void>.makeStream()

    private init(port: Int, server: Int) {
        self.port = port
        state = Mutex(State(server: server))
    }

    /// The connections of callers so far.
    var connections: Int { state.withLock { $0.connections } }

    /// Passes on to a server from now on; the next connections have the fates given, those after them none.
    func lead(to server: Int, _ fates: Fate...) {
        state.withLock {
            $0.server = server
            $0.fates = fates
        }
    }

    /// Returns when an answer was cut off that was not waited for yet.
    func answerCut() async {
        for await _ in cuts.stream { return }
    }

    /// Runs `body` with a proxy before a server.
    static func run(to server: Int = 1, _ body: @Sendable @escaping (CuttingProxy) async throws -> Void) async throws {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0, childChannelInitializer: Self.wrap)
        let proxy = CuttingProxy(port: listener.channel.localAddress?.port ?? 0, server: server)
        try await listener.executeThenClose { clients in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await withThrowingDiscardingTaskGroup { connections in
                        for try await client in clients {
                            connections.addTask { try? await proxy.pass(client) }
                        }
                    }
                }
                group.addTask { try await body(proxy) }
                // The test ends first: callers come as long as the listener is there.
                _ = try await group.next()
                group.cancelAll()
            }
        }
    }

    private typealias Bytes = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private static func wrap(_ channel: any Channel) -> EventLoopFuture<Bytes> {
        channel.eventLoop.makeCompletedFuture { try Bytes(wrappingChannelSynchronously: channel) }
    }

    private func pass(_ client: Bytes) async throws {
        let (server, fate) = state.withLock { state in
            state.connections += 1
            return (state.server, state.fates.isEmpty ? nil : state.fates.removeFirst())
        }
        try await client.executeThenClose { fromClient, toClient in
            if fate == .refused { return }
            let upstream = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(host: "127.0.0.1", port: server, channelInitializer: Self.wrap)
            try await upstream.executeThenClose { fromServer, toServer in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for try await part in fromClient { try await toServer.write(part) }
                    }
                    group.addTask { [cuts] in
                        for try await part in fromServer {
                            if fate == .cutAtAnswer {
                                cuts.continuation.yield()
                                return
                            }
                            try await toClient.write(part)
                        }
                    }
                    _ = try await group.next()
                    group.cancelAll()
                }
            }
        }
    }
}
