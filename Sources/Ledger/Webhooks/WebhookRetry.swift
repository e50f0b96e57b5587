public import Foundation

/// How often a delivery is tried, and how long it waits in between.
public enum WebhookRetry {
    /// The attempts after which a delivery is dead: over two days in all.
    public static let attempts = 10

    /// How long to wait after so many attempts: 5 seconds, four times as long after each, a day at most, and up to a
    /// quarter more, so that what failed together does not come back together.
    ///
    /// - Parameters:
    ///   - attempts: The attempts that were made, at least 1.
    ///   - chance: From 0 to 1.
    public static func delay(after attempts: Int, chance: Double) -> TimeInterval {
        min(5 * pow(4, Double(max(0, attempts - 1))), 86_400) * (1 + chance / 4)
    }
}
