import API
import ArgumentParser
import Foundation
import Ledger
import Logging
import Postgres
import ServiceLifecycle
import UnixSignals

/// `onderdak serve`: the HTTP API.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the HTTP API, until SIGTERM or Ctrl-C.",
        discussion: """
            Requests under way are ended before it stops. Figures for Prometheus are at /metrics on a port of their own, \
            on loopback unless told otherwise. Without a certificate it speaks HTTP, in which anybody on the way reads the \
            tokens: on loopback, or behind a proxy that ends TLS (--behind-proxy). How to call it: docs/api.md. Webhooks \
            and exports of cases need the keys (ONDERDAK_KEY_FILE or ONDERDAK_KEY); onderdak work delivers, \
            plans and explains.

            Example: onderdak serve --port 8080
            """)

    @Option(help: "The address to listen at.") var host = "127.0.0.1"
    @Option(help: "The port to listen at; 0: any that is free.") var port = 8080
    @Option(help: "The address of the figures, which ask nobody for a token: one that only those who watch can reach.")
    var metricsHost = "127.0.0.1"
    @Option(help: "The port of the figures; 0: any that is free.") var metricsPort = 9090
    @Option(help: "A file of the certificate and those that signed it (PEM).", completion: .file())
    var tlsCertificate: String?
    @Option(help: "A file of its private key (PEM).", completion: .file())
    var tlsKey: String?
    @Flag(help: "Speak HTTP on another address than loopback: a proxy ends TLS, and nobody reads what is between.")
    var behindProxy = false
    @Option(
        help: "A file that says how an identity provider's tokens are read (JSON; docs/api.md).", completion: .file())
    var identityProvider: String?
    @Option(help: "A web site whose scripts may call, https://desk.example; may be given several times.")
    var allowOrigin: [String] = []
    @Flag(help: "Allow webhooks to addresses of this machine, also by plain http.") var allowLoopback = false
    @Flag(help: "Allow webhooks to addresses of private networks.") var allowPrivateNetworks = false
    @Option(help: "The connections to the database (default: two for each processor, and at least 4).")
    var connections: Int?
    @Option(help: "The requests that one token may make each second in the long run.") var rate = 50.0
    @Option(help: "The requests that one token may make at once.") var burst = 200

    func validate() throws {
        if (tlsCertificate == nil) != (tlsKey == nil) {
            throw ValidationError("--tls-certificate and --tls-key go together.")
        }
        guard host.isThisMachine || tlsCertificate != nil || behindProxy else {
            throw ValidationError(
                "Tokens would go over the network in the clear to \(host): give --tls-certificate and --tls-key, or "
                    + "--behind-proxy where a proxy ends TLS.")
        }
        guard (0...65535).contains(port), (0...65535).contains(metricsPort) else {
            throw ValidationError("A port is 0 to 65535.")
        }
        guard connections.map({ $0 > 0 }) ?? true, rate > 0, burst > 0 else {
            throw ValidationError("--connections, --rate and --burst are more than 0.")
        }
    }

    func run() async throws {
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        let logger = Logger(label: "onderdak")
        var settings = ServerSettings()
        settings.host = host
        settings.port = port
        settings.metricsHost = metricsHost
        settings.metricsPort = metricsPort
        if let tlsCertificate, let tlsKey { settings.tls = TLSFiles(certificate: tlsCertificate, key: tlsKey) }
        settings.origins = Set(allowOrigin)
        settings.limits.requestsPerSecond = rate
        settings.limits.burst = burst
        settings.identityProvider = try readProvider()
        settings.keys = try Keys.ifGiven()
        settings.webhookTargets = WebhookTargetPolicy(
            allowsLoopback: allowLoopback, allowsPrivateNetworks: allowPrivateNetworks)
        var limits = Pool.Limits()
        limits.maximumConnections = connections ?? max(4, 2 * ProcessInfo.processInfo.activeProcessorCount)
        // Whoever asks over HTTP would rather hear soon that there is no time.
        limits.acquireTimeout = .seconds(5)
        try await Database.withLedger(limits: limits, statementTimeout: .seconds(10)) { [settings] ledger in
            let server = try APIServer(settings, ledger: ledger, logger: logger) { listener, port in
                logger.info("listening", metadata: ["to": "\(listener)", "port": "\(port)"])
            }
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [ledger.pool, server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
            try await group.run()
        }
    }

    private func readProvider() throws -> IdentityProviderConfiguration? {
        guard let identityProvider else { return nil }
        do {
            let provider = try JSONDecoder().decode(
                IdentityProviderConfiguration.self, from: Data(InputFile.bytes(identityProvider)))
            try provider.check()
            return provider
        } catch let error as IdentityProviderConfiguration.Unusable {
            throw Failure(status: .badData, sentence: "\(identityProvider): \(error)")
        } catch let error as DecodingError {
            throw Failure(status: .badData, sentence: "\(identityProvider) is not as docs/api.md has it: \(error)")
        }
    }
}
