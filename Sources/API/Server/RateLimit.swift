import HTTPTypes
import Synchronization

/// How many requests each caller may make: a bucket that fills steadily, from which every request takes one.
///
/// Each server counts for itself: with several of them a caller has as many times the rate.
final class RateLimit: Sendable {
    private struct Bucket {
        var level: Double
        var at: ContinuousClock.Instant
    }

    private let burst: Double
    private let perSecond: Double
    private let buckets = Mutex<[String: Bucket]>([:])

    init(_ limits: Limits) {
        burst = Double(limits.burst)
        perSecond = limits.requestsPerSecond
    }

    /// Takes one.
    ///
    /// - Throws: `tooManyRequests`, with when there is one again.
    func take(_ credential: String, now: ContinuousClock.Instant = .now) throws(Problem) {
        let wait: Double? = buckets.withLock { buckets in
            // Full buckets say nothing that a new one would not.
            if buckets.count > 10_000 { buckets = buckets.filter { level($0.value, now) < burst } }
            let left = level(buckets[credential] ?? Bucket(level: burst, at: now), now)
            guard left >= 1 else { return (1 - left) / perSecond }
            buckets[credential] = Bucket(level: left - 1, at: now)
            return nil
        }
        guard let wait else { return }
        var problem = Problem(.tooManyRequests)
        problem.headers[.retryAfter] = String(Int(wait.rounded(.up)))
        throw problem
    }

    private func level(_ bucket: Bucket, _ now: ContinuousClock.Instant) -> Double {
        min(burst, bucket.level + (now - bucket.at) / .seconds(1) * perSecond)
    }
}
