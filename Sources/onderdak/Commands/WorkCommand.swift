import API
import ArgumentParser
import Foundation
import Ledger
import Logging
import Postgres
import ServiceLifecycle
import UnixSignals

/// `onderdak work`: what is done behind the API.
struct WorkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "work",
        abstract: "Make and explain plans, deliver webhooks, make time's steps, until SIGTERM or Ctrl-C.",
        discussion: """
            Several may work on one database. When it is stopped, the plan and the explanation under way end with the best \
            so far, and deliveries under way are ended. Webhooks need the keys (ONDERDAK_KEY_FILE or ONDERDAK_KEY).

            Examples:
              onderdak work
              onderdak work --no-webhooks
            """)

    @Flag(inversion: .prefixedNo, help: "Make the plans that are asked for, and answer questions about plans.")
    var plans = true
    @Flag(inversion: .prefixedNo, help: "Deliver webhooks.") var webhooks = true
    @Flag(help: "Deliver webhooks to addresses of this machine, also by plain http.") var allowLoopback = false
    @Flag(help: "Deliver webhooks to addresses of private networks.") var allowPrivateNetworks = false

    func validate() throws {
        if !plans, !webhooks { throw ValidationError("There is nothing to do without plans and webhooks.") }
    }

    func run() async throws {
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        let logger = Logger(label: "onderdak")
        let keys = webhooks ? try Keys.fromEnvironment() : nil
        let targets = WebhookTargetPolicy(
            allowsLoopback: allowLoopback, allowsPrivateNetworks: allowPrivateNetworks)
        try await Database.withLedger { ledger in
            var services: [any Service] = [ledger.pool, SweepService(ledger: ledger, logger: logger)]
            if plans {
                // Beside each other, so that a long plan keeps no question waiting.
                services.append(QuestionService(ledger: ledger, logger: logger))
                services.append(PlanWorkService(work: PlanWork(ledger), logger: logger))
            }
            if let keys {
                services.append(WebhookService(ledger: ledger, keys: keys, targets: targets, logger: logger))
            }
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
            try await group.run()
        }
    }
}
