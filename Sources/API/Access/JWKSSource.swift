import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Where an identity provider's keys are: an address, or a file.
struct JWKSSource: Sendable {
    private let place: String

    init(_ place: String) {
        self.place = place
    }

    /// Gets the keys. No redirect is followed: it may lead to where anybody could change them on their way.
    func fetch() async throws -> Data {
        guard place.hasPrefix("https://") || place.hasPrefix("http://") else {
            return try Data(contentsOf: URL(fileURLWithPath: place))
        }
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))
        do {
            let response = try await client.execute(HTTPClientRequest(url: place), timeout: .seconds(5))
            guard response.status == .ok else { throw URLError(.badServerResponse) }
            let keys = Data(try await response.body.collect(upTo: 1 << 20).readableBytesView)
            try await client.shutdown()
            return keys
        } catch {
            try? await client.shutdown()
            throw error
        }
    }
}
