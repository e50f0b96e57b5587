package import Foundation
import HTTPTypes

/// A request to the API, as a client makes it.
package struct ClientCall: Sendable {
    let method: HTTPRequest.Method
    /// The path with its query, percent-encoded.
    let path: String
    /// JSON that is sent; nil: nothing.
    let body: Data?
    /// The key with which a write happens once; nil: it writes nothing, or the transport may make one up.
    let key: String?
    /// Whether it writes.
    let writes: Bool
}

/// What carries requests to the API and its answers back.
package protocol Transport: Sendable {
    /// Sends a request.
    ///
    /// - Returns: The JSON of the answer.
    /// - Throws: ``Refused``, ``Unreachable``; without a server also what the layers below throw.
    func send(_ call: ClientCall) async throws -> Data
}

/// The API said why it did not do it.
package struct Refused: Error, Sendable {
    /// What it said.
    package let problem: ProblemBody
}

/// There was no answer of the API.
package struct Unreachable: Error, Sendable, CustomStringConvertible {
    /// What there was instead.
    package let description: String
}
