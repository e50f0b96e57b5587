import AsyncHTTPClient
package import CareChain
package import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOSSL

/// A server of the API, called as the one whose token it is.
///
/// What the server or the way to it has no time for is tried again: a write always with the same key, so that it happens
/// once. The certificate must be the server's, and no redirect is followed, so that nobody else is shown the token.
package struct ServerTransport: Transport {
    /// The most bytes of an answer.
    private static let most = 64 << 20

    private let server: ServerAddress
    private let client: HTTPClient
    private let patience: Duration
    private let language: Language

    /// Runs `body` with the transport to a server.
    ///
    /// - Parameters:
    ///   - patience: How long to go on trying.
    ///   - language: The language in which the server is to speak.
    package static func with<Success>(
        _ server: ServerAddress, patience: Duration, speaking language: Language,
        _ body: (ServerTransport) async throws -> Success
    ) async throws -> Success {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: .seconds(10), read: .seconds(60))
        configuration.httpVersion = .http1Only
        var tls = TLSConfiguration.makeClientConfiguration()
        if let authorities = server.authorities { tls.trustRoots = .file(authorities) }
        configuration.tlsConfiguration = tls
        // The transport itself tries again, and tells why when it gives up.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let success = try await body(
                ServerTransport(server: server, client: client, patience: patience, language: language))
            try await client.shutdown()
            return success
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    /// Sends a request, and again while there is patience and reason to.
    package func send(_ call: ClientCall) async throws -> Data {
        let key = call.key ?? (call.writes ? UUID().uuidString : nil)
        let deadline = ContinuousClock.now + patience
        var pause: Duration = .seconds(1)
        while true {
            switch try await attempt(call, key) {
            case .answered(let data): return data
            case .later(let told, let reason):
                let wait = told ?? pause
                guard ContinuousClock.now + wait < deadline else { throw reason }
                // Until the server has time for it.
                try await Task.sleep(for: wait)
                pause = min(pause * 2, Duration.seconds(15))
            }
        }
    }

    private enum Attempt {
        case answered(Data)
        /// Try again, after as long as the server says where it does; why.
        case later(Duration?, any Error)
    }

    private func attempt(_ call: ClientCall, _ key: String?) async throws -> Attempt {
        var request = HTTPClientRequest(url: server.base + call.path)
        request.method = HTTPMethod(rawValue: call.method.rawValue)
        request.headers.add(name: "Authorization", value: "Bearer \(server.token)")
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "Accept-Language", value: language.rawValue)
        request.headers.add(name: "User-Agent", value: "onderdak")
        if let body = call.body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        if call.writes {
            request.headers.add(name: "If-Match", value: "*")
            if let key { request.headers.add(name: "Idempotency-Key", value: key) }
        }
        let status: Int
        let wait: Duration?
        let data: Data
        do {
            let response = try await client.execute(request, timeout: .seconds(90))
            status = Int(response.status.code)
            wait = response.headers.first(name: "Retry-After").flatMap { Int($0) }.map { .seconds($0) }
            data = Data(try await response.body.collect(upTo: Self.most).readableBytesView)
        } catch let error where Self.isTLS(error) {
            throw Unreachable(description: "\(server.base) does not show a certificate that can be trusted: \(error)")
        } catch {
            return .later(nil, Unreachable(description: "\(server.base) cannot be reached: \(error)"))
        }
        if (200...299).contains(status) { return .answered(data) }
        guard let problem = try? JSONDecoder.api.decode(ProblemBody.self, from: data) else {
            let odd = Unreachable(
                description: "\(server.base) answers \(status), and not as Onderdak does: is the address right?")
            // A proxy whose server is away for a moment.
            if [502, 503, 504].contains(status) { return .later(wait, odd) }
            throw odd
        }
        if status == 429 || status == 503 { return .later(wait, Refused(problem: problem)) }
        throw Refused(problem: problem)
    }

    private static func isTLS(_ error: any Error) -> Bool {
        error is NIOSSLError || error is NIOSSLExtraError || error is BoringSSLError
    }
}
