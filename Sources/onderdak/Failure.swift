import CareChain
import Ledger
import LinearProgramming
import Planning
import Postgres

/// Why a command failed: a sentence for people and an exit status for scripts.
struct Failure: Error {
    let status: Status
    let sentence: String

    /// The exit statuses; 64 (wrong usage) is the argument parser's own.
    enum Status: Int32 {
        case failed = 1
        case checkFailed = 2
        case badData = 65
    }
}
