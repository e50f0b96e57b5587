public import Ledger
public import Logging
public import ServiceLifecycle

/// Lets what happens by itself happen every minute: offers expire, holds end, figures become too old.
public struct SweepService: Service {
    let ledger: Ledger
    let logger: Logger

    /// Makes the service of a ledger.
    public init(ledger: Ledger, logger: Logger) {
        self.ledger = ledger
        self.logger = logger
    }

    /// Sweeps until it is told to stop.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await ledger.sweep()
                } catch {
                    logger.warning("the time's steps could not be made: \(error)")
                }
                // What reads counts with the time as well, so nothing depends on how often this runs.
                try? await Task.sleep(for: .seconds(60))
            }
        }
    }
}
