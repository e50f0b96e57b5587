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

    /// Says of a response that the site may read it.
    func mark(_ response: inout Response, for request: Request) {
        guard !origins.isEmpty else { return }
        response.headers[.vary] = response.headers[.vary].map { "\($0), Origin" } ?? "Origin"
        guard let origin = request.headers[.origin], origins.contains(origin) else { return }
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.accessControlExposeHeaders] = "ETag, Location, Retry-After, X-Request-Id"
    }
}
