import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The web sites whose scripts may call (CORS): none unless configured. There is no cookie, so nothing is sent by itself.
struct AllowedOrigins: Sendable {
    let origins: Set<String>

    /// The answer to a browser that asks first; nil for anything else.
    func preflight(_ request: Request, _ routes: Routes) -> Response? {
        guard request.method == .options, let origin = request.headers[.origin], origins.contains(origin),
            request.headers[.accessControlRequestMethod] != nil,
            case .otherMethods(let methods) = routes.match(.options, request.uri.path)
        else { return nil }
        return Response(
            status: .noContent,
            headers: [
                .accessControlAllowMethods: methods.joined(separator: ", "),
                .accessControlAllowHeaders:
                    "Authorization, Content-Type, If-Match, Idempotency-Key, X-Request-Id, Accept-Language, Last-Event-ID",
                .accessControlMaxAge: "600",
            ])
    }

    /// Says in a response's headers that the site may read it.
    ///
    /// - Parameter asked: The headers of the request; empty where none could be read.
    func mark(_ headers: inout HTTPFields, for asked: HTTPFields) {
        guard !origins.isEmpty else { return }
        headers[.vary] = headers[.vary].map { "\($0), Origin" } ?? "Origin"
        guard let origin = asked[.origin], origins.contains(origin) else { return }
        headers[.accessControlAllowOrigin] = origin
        headers[.accessControlExposeHeaders] = "ETag, Location, Retry-After, X-Request-Id"
    }
}
