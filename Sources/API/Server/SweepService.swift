import Ledger
import Logging
import ServiceLifecycle

/// Lets what happens by itself happen every minute: offers expire, holds end. What is read counts with the time anyway.
struct SweepService: Service {
    let ledger: Ledger
    let logger: Logger

    func run() async throws {
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
