import AsyncHTTPClient
import Dispatch
import Foundation
public import Ledger
import NIOCore
import NIOHTTP1
import NIOSSL

/// Sends webhooks over HTTP: to an address that was looked up and allowed first, without following redirects, and without
/// reading what the other side has to say.
public struct HTTPWebhookSender: WebhookSender {
    private let targets: WebhookTargetPolicy
    private let timeout: Duration

    /// Makes a sender.
    ///
    /// - Parameters:
    ///   - targets: Where webhooks may lead.
    ///   - timeout: How long one delivery may take.
    public init(_ targets: WebhookTargetPolicy, timeout: Duration) {
        self.targets = targets
        self.timeout = timeout
    }

    /// Sends a message once.
    public func send(_ message: WebhookMessage) async -> WebhookOutcome {
        guard let host = URLComponents(string: message.url)?.host?.trimmingPrefix("[") else {
            return .failed("address")
        }
        let name = host.last == "]" ? String(host.dropLast()) : String(host)
        // One that is not allowed among those of a name is reason enough: which of them is taken is chance.
        let addresses = await Self.addresses(of: name)
        guard let address = addresses.first, addresses.allSatisfy({ targets.allows(address: $0) }) else {
            return .failed("address")
        }
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(
                connect: TimeAmount(timeout), read: TimeAmount(timeout), write: TimeAmount(timeout)))
        configuration.httpVersion = .http1Only
        // Whoever cannot be reached is tried again by the ledger, not until the time is over.
        configuration.connectionPool.retryConnectionEstablishment = false
        // It connects to the address that was looked at, whatever the name leads to by now.
        if name != address { configuration.dnsOverride = [name: address] }
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let outcome = await post(message, client)
        try? await client.shutdown()
        return outcome
    }

    private func post(_ message: WebhookMessage, _ client: HTTPClient) async -> WebhookOutcome {
        var request = HTTPClientRequest(url: message.url)
        request.method = .POST
        for header in message.headers { request.headers.add(name: header.name, value: header.value) }
        request.headers.add(name: "user-agent", value: "onderdak")
        request.body = .bytes(ByteBuffer(bytes: message.body))
        do {
            let response = try await client.execute(request, timeout: TimeAmount(timeout))
            return .answered(
                status: Int(response.status.code),
                retryAfter: response.headers.first(name: "retry-after").flatMap { Int($0) })
        } catch {
            return .failed(Self.code(of: error))
        }
    }

    private static func code(of error: any Error) -> String {
        switch error {
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: "tls"
        case let error as HTTPClientError:
            switch error {
            case .connectTimeout, .readTimeout, .writeTimeout, .deadlineExceeded, .tlsHandshakeTimeout: "timeout"
            default: "connection"
            }
        default: "connection"
        }
    }

    /// The addresses of a name, in numbers; none when it has none. It waits, and so not on a thread of others.
    private static func addresses(of name: String) async -> [String] {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: lookUp(name)) }
        }
    }

    private static func lookUp(_ name: String) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var addresses: [String] = []
        var next = first
        while let info = next?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            if getnameinfo(
                info.ai_addr, info.ai_addrlen, &text, socklen_t(text.count), nil, 0, Int32(NI_NUMERICHOST)) == 0
            {
                addresses.append(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
            }
            next = info.ai_next
        }
        return addresses
    }
}
