import AsyncHTTPClient
import CareChain
import Foundation
import Hummingbird
import HummingbirdCore
public import Ledger
public import Logging
import NIOCore
public import ServiceLifecycle

/// The HTTP API of a ledger, as a service: it takes requests until it is told to stop, then ends those under way.
public struct APIServer: Service {
    private let application: Application<Responder>
    private let figures: Application<CallbackResponder<BasicRequestContext>>?
    private let sweep: SweepService
    private let eventBell: Bell
    private let certificate: CertificateService

    /// Makes a server.
    ///
    /// - Parameters:
    ///   - settings: How it runs.
    ///   - ledger: What it is of; its schema must be the one that this program expects.
    ///   - onListening: Told the ports of the API and of the figures once there are some.
    /// - Throws: When the files of certificate and key cannot be used.
    public init(
        _ settings: ServerSettings, ledger: Ledger, logger: Logger,
        onListening: @escaping @Sendable (Listener, Int) async -> Void = { _, _ in }
    ) throws {
        let metrics = MetricsRegistry()
        let provider = settings.identityProvider.map { configuration in
            IdentityProvider(configuration) { try await JWKSSource(configuration.keys).fetch() }
        }
        let certificate = try settings.tls.map { try Certificate($0) }
        self.certificate = CertificateService(certificate: certificate, logger: logger)
        eventBell = Bell(
            ledger.eventSignals(), heartbeat: settings.limits.heartbeat, listeners: settings.limits.listeners)
        let connections = OpenConnections()
        let log = RequestLog(metrics: metrics, logger: logger)
        let origins = AllowedOrigins(origins: settings.origins)
        let responder = Responder(
            routes: Routes(Operation.all), ledger: ledger, keys: settings.keys,
            webhookTargets: settings.webhookTargets, eventBell: eventBell,
            authentication: Authentication(ledger: ledger, provider: provider),
            rateLimit: RateLimit(settings.limits), origins: origins,
            limits: settings.limits, connections: connections, log: log)
        application = Application(
            responder: responder, server: try Self.door(settings.limits, origins, certificate, connections, log),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: "onderdak",
                availableConnectionsDelegate: MaximumAvailableConnections(settings.limits.connections)),
            onServerRunning: { await onListening(.api, $0.localAddress?.port ?? settings.port) }, logger: logger)
        figures = settings.metricsPort.map { port in
            Application(
                responder: CallbackResponder { request, _ in
                    await Self.figures(request, metrics, ledger)
                },
                configuration: ApplicationConfiguration(address: .hostname(settings.metricsHost, port: port)),
                onServerRunning: { await onListening(.figures, $0.localAddress?.port ?? port) }, logger: logger)
        }
        sweep = SweepService(ledger: ledger, logger: logger)
    }

    /// What a token may be for.
    public static let scopes = Set(Operation.all.compactMap(\.scope?.description)).sorted()

    /// Who listens at a port.
    public enum Listener: Sendable {
        /// The API.
        case api
        /// The figures.
        case figures
    }

    /// Runs until the graceful shutdown that ServiceLifecycle announces.
    public func run() async throws {
        // The last is stopped first: whoever listens has to end before the requests under way can.
        var services: [any Service] = [certificate, sweep, application, eventBell]
        if let figures { services.insert(figures, at: 0) }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: services, logger: application.logger))
        try await group.run()
    }

    private static func door(
        _ limits: Limits, _ origins: AllowedOrigins, _ certificate: Certificate?, _ connections: OpenConnections,
        _ log: RequestLog
    ) throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder.http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [RequestGuard(limits, origins, connections, log)],
                httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                    maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
                    maxHeaderFieldCount: limits.headers)))
        return try certificate?.door(before: plain) ?? plain
    }

    private static func figures(_ request: Request, _ metrics: MetricsRegistry, _ ledger: Ledger) async -> Response {
        guard request.method == .get, request.uri.path == "/metrics" else { return Response(status: .notFound) }
        await DatabaseFigures(metrics: metrics, ledger: ledger).gather()
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text)))
    }
}
