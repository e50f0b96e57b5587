import HTTPTypes
import Ledger
import Logging
import Metrics

/// Counts requests, and writes a line for each: the route and not the address, the actor and nothing of a case.
struct RequestLog: Sendable {
    /// What is known of a request when it ends.
    struct Entry {
        let id: String
        var operation: Operation?
        var caller: Caller?
        var code: ProblemCode?
    }

    let metrics: MetricsRegistry
    let logger: Logger

    /// Notes a request.
    ///
    /// - Parameter duration: How long it took; nil: it was refused at the door, and nobody looked at it.
    func note(_ entry: Entry, _ status: HTTPResponse.Status, after duration: Duration? = nil) {
        let route = entry.operation?.path ?? "none"
        let method = entry.operation?.method.rawValue ?? "other"
        Counter(
            label: "http_requests_total",
            dimensions: [("method", method), ("route", route), ("status", String(status.code))], factory: metrics
        ).increment()
        var line: Logger.Metadata = [
            "request_id": "\(entry.id)", "method": "\(method)", "route": "\(route)", "status": "\(status.code)",
        ]
        if let duration {
            Metrics.Timer(
                label: "http_request_duration_seconds", dimensions: [("method", method), ("route", route)],
                factory: metrics
            ).recordNanoseconds(Int64(duration / .nanoseconds(1)))
            line["ms"] = "\(Int(duration / .milliseconds(1)))"
        }
        if let actor = entry.caller?.actor {
            line["role"] = "\(actor.role.rawValue)"
            line["actor"] = "\(actor.id)"
        }
        if let code = entry.code { line["code"] = "\(code.rawValue)" }
        logger.info("request", metadata: line)
    }
}
