import ArgumentParser
import Foundation

/// An instant on the command line: `2026-01-05T22:00:00+01:00`.
struct Instant: ExpressibleByArgument {
    let date: Date

    init?(argument: String) {
        guard let date = try? Date(argument, strategy: .iso8601) else { return nil }
        self.date = date
    }
}
