public import Ledger
public import Logging
public import ServiceLifecycle

/// Delivers webhooks until it is told to stop; then it ends the deliveries under way. Several may run at once.
public struct WebhookService: Service {
    private let ledger: Ledger
    private let keys: KeyRing
    private let sender: HTTPWebhookSender
    private let logger: Logger
    private let bell: Bell

    /// The most deliveries side by side.
    private static let most = 20

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - keys: For the secrets that sign.
    ///   - targets: Where webhooks may lead.
    ///   - interval: How often it looks what is due again, unless something happens before.
    ///   - timeout: How long one delivery may take.
    public init(
        ledger: Ledger, keys: KeyRing, targets: WebhookTargetPolicy, interval: Duration = .seconds(5),
        timeout: Duration = .seconds(10), logger: Logger
    ) {
        self.ledger = ledger
        self.keys = keys
        sender = HTTPWebhookSender(targets, timeout: timeout)
        self.logger = logger
        bell = Bell(ledger.eventSignals(), heartbeat: interval, listeners: 1)
    }

    /// Runs until the graceful shutdown that ServiceLifecycle announces.
    public func run() async throws {
        async let ringing: Void = bell.run()
        for await _ in try bell.rings(for: "webhooks") {
            do {
                while !Task.isShuttingDownGracefully, !Task.isCancelled,
                    try await ledger.deliverWebhooks(keys, by: sender, limit: Self.most) == Self.most
                {}
            } catch {
                logger.warning("webhooks could not be delivered: \(error)")
            }
        }
        try await ringing
    }
}
