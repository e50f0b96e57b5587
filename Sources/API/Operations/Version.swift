import HTTPTypes
import HummingbirdCore

/// The version of something that two people may change: it is told as `ETag`, and demanded as `If-Match`.
struct Version: Sendable, Equatable {
    /// What changes whenever the thing does.
    let text: String

    init(_ text: String) {
        self.text = text
    }

    /// Makes the version of a number that grows with every change.
    init(_ number: Int) {
        text = String(number)
    }

    /// As a strong entity tag (RFC 9110, 8.8.3).
    var tag: String { "\"\(text)\"" }

    /// The number of a version that is one.
    ///
    /// - Throws: `outdated`: it is no version that was ever told.
    func number() throws(Problem) -> Int {
        guard let number = Int(text) else { throw Problem(.outdated) }
        return number
    }
}

extension Exchange {
    /// The version that `If-Match` demands; nil for `*`: whichever it is.
    ///
    /// - Throws: `versionRequired`, `badHeader`.
    func expectedVersion() throws(Problem) -> Version? {
        guard let field = request.headers[.ifMatch] else { throw Problem(.versionRequired, parameter: "If-Match") }
        if field == "*" { return nil }
        let inner = field.dropFirst().dropLast()
        guard field.count > 2, field.first == "\"", field.last == "\"", !inner.contains("\"") else {
            throw Problem(
                .badHeader, english: "If-Match is one ETag as it was told, or *",
                dutch: "If-Match is één ETag zoals die verteld is, of *", parameter: "If-Match")
        }
        return Version(String(inner))
    }

    /// The caller's key for a write.
    ///
    /// - Throws: `badHeader` when it is empty, or longer than 200 bytes.
    func idempotencyKey() throws(Problem) -> String? {
        guard let key = request.headers[.idempotencyKey] else { return nil }
        guard (1...200).contains(key.utf8.count) else {
            throw Problem(
                .badHeader, english: "Idempotency-Key has 1 to 200 bytes",
                dutch: "Idempotency-Key heeft 1 tot 200 bytes",
                parameter: "Idempotency-Key")
        }
        return key
    }
}

extension HTTPField.Name {
    static let idempotencyKey = parsed("Idempotency-Key")
    static let requestID = parsed("X-Request-Id")

    /// A name that stands in the source, so that it can be parsed.
    static func parsed(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a header") }
        return name
    }
}
