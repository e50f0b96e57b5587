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

    /// Gets the keys.
    func fetch() async throws -> Data {
        guard place.hasPrefix("https://") || place.hasPrefix("http://") else {
            return try Data(contentsOf: URL(fileURLWithPath: place))
        }
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: place), timeout: .seconds(5))
        guard response.status == .ok else { throw URLError(.badServerResponse) }
        return Data(try await response.body.collect(upTo: 1 << 20).readableBytesView)
    }
}
