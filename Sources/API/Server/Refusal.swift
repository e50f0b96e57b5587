import CareChain
import Foundation
import HTTPTypes
import NIOCore

/// The response of a problem.
struct Refusal {
    let head: HTTPResponse
    let body: ByteBuffer

    init(_ problem: Problem, in language: Language, requestID: String) {
        let document = ProblemBody(problem, in: language, requestID: requestID)
        // Texts and numbers only: there is nothing that an encoder could refuse.
        let data = (try? JSONEncoder.api.encode(document)) ?? Data()
        var fields: HTTPFields = [
            .contentType: "application/problem+json", .contentLanguage: language.rawValue,
            .contentLength: String(data.count), .requestID: requestID, .cacheControl: "no-store",
            .vary: "Accept-Language",
        ]
        if let seconds = problem.code.retryAfter { fields[.retryAfter] = String(seconds) }
        for (name, value) in problem.headers { fields[name] = value }
        head = HTTPResponse(status: problem.code.status, headerFields: fields)
        body = ByteBuffer(bytes: data)
    }
}

/// What tells a request from all others.
enum ExchangeID {
    /// The caller's own, where it is one that may stand in a log, or else a new one.
    static func of(_ headers: HTTPFields) -> String {
        if let given = headers[.requestID], (1...64).contains(given.utf8.count),
            given.utf8.allSatisfy({ $0.isWordByte })
        {
            return given
        }
        return UUID().uuidString.lowercased()
    }
}

extension UInt8 {
    fileprivate var isWordByte: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
