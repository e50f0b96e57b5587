import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// What an operation answers.
struct Answer<Content: Codable & Sendable>: Sendable {
    /// What is told.
    let content: Content
    /// The version of what is told, for whoever wants to change it.
    var version: Version?
    /// Where what was made is.
    var location: String?

    init(_ content: Content, version: Version? = nil, location: String? = nil) {
        self.content = content
        self.version = version
        self.location = location
    }

    func response(_ status: HTTPResponse.Status) throws -> Response {
        var headers: HTTPFields = [.contentType: "application/json"]
        if let version { headers[.eTag] = version.tag }
        if let location { headers[.location] = location }
        let data = try JSONEncoder.api.encode(content)
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }
}

extension JSONEncoder {
    /// How all JSON of the API is written: instants of RFC 3339, keys as they are named.
    static var api: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.withoutEscapingSlashes]
        return encoder
    }
}

extension JSONDecoder {
    /// How all JSON of the API is read.
    static var api: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            guard let date = Date(rfc3339: try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "this is no instant")
            }
            return date
        }
        return decoder
    }
}
