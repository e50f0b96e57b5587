public import Logging

/// What the server told those who listen on a channel.
public struct Notification: Sendable, Equatable {
    /// The channel.
    public let channel: String
    /// What was sent along: an id, never personal data.
    public let payload: String
}

/// What is notified on some channels, from a connection of its own for every loop over it.
///
/// The sequence never ends by itself: a lost connection is made again, after waits that double up to half a minute.
public struct Notifications: AsyncSequence, Sendable {
    /// What a listener learns.
    public enum Element: Sendable, Equatable {
        /// Somebody notified.
        case notification(Notification)
        /// Listening has begun, or begun again, or the listener was too slow: notifications may have been missed, so
        /// look at everything.
        case everythingMayHaveChanged
    }

    private let options: ConnectionOptions
    private let channels: [String]
    private let clock: any Clock<Duration>
    private let logger: Logger

    /// Listens on channels as soon as a loop begins.
    public init(
        _ options: ConnectionOptions,
        channels: [String],
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger = Logger(label: "postgres.notifications")
    ) {
        self.options = options
        self.channels = channels
        self.clock = clock
        self.logger = logger
    }

    /// Begins to listen; the connection is closed when the loop ends.
    public func makeAsyncIterator() -> AsyncStream<Element>.Iterator {
        // A listener this far behind is better served by one look at everything.
        AsyncStream(bufferingPolicy: .bufferingNewest(1000)) { stream in
            let task = Task { await listen(stream) }
            stream.onTermination = { _ in task.cancel() }
        }.makeAsyncIterator()
    }

    private func listen(_ stream: AsyncStream<Element>.Continuation) async {
        var wait = Duration.milliseconds(100)
        while !Task.isCancelled {
            do {
                let connection = try await Connection.open(options)
                for channel in channels { try await connection.query("listen \(identifier: channel)") }
                wait = .milliseconds(100)
                stream.yield(.everythingMayHaveChanged)
                while true {
                    for notification in try await connection.notifications() {
                        if case .dropped = stream.yield(.notification(notification)) {
                            stream.yield(.everythingMayHaveChanged)
                        }
                    }
                }
            } catch {
                if Task.isCancelled { return }
                logger.warning("listening is interrupted", metadata: ["reason": "\(error)", "retryAfter": "\(wait)"])
                try? await clock.sleep(for: wait)
                wait = Swift.min(wait * 2, .seconds(30))
            }
        }
    }
}
