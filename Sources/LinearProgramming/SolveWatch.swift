internal import CHighs

/// What HiGHS calls back while it works: passes an interrupt on, reports progress, keeps what HiGHS complains of.
final class SolveWatch {
    private var interrupt: Interrupt?
    private var progress: ((SolveProgress) -> Void)?
    private var began = ContinuousClock.now
    private var limit: Double?
    /// Whether it has told HiGHS to end because the seconds were over.
    private(set) var isPastDeadline = false
    private var reported: SolveProgress?
    private var complaints: [String] = []

    /// Begins a solve with a limit of seconds for the whole of it: HiGHS keeps the limit too, but where it completes a
    /// partial solution first (that of a linear solve before), it gives that and the rest as much each.
    func begin(seconds: Double?, interrupt: Interrupt?, progress: ((SolveProgress) -> Void)?) {
        limit = seconds
        isPastDeadline = false
        self.interrupt = interrupt
        self.progress = progress
        began = .now
        reported = nil
    }

    func end() {
        interrupt = nil
        progress = nil
    }

    /// What HiGHS has complained of since this was last asked.
    func takeComplaints() -> String {
        defer { complaints = [] }
        return complaints.joined(separator: " ")
    }

    /// The function that HiGHS calls, with the watch as its last argument.
    static let callback: HighsCCallbackType = { kind, message, output, input, context in
        guard let context, let output else { return }
        let watch = Unmanaged<SolveWatch>.fromOpaque(context).takeUnretainedValue()
        if kind == kHighsCallbackLogging {
            if let message { watch.hear(String(cString: message), level: output.pointee.log_type) }
        } else {
            let isOver = watch.pass(output.pointee, isMixedInteger: kind == kHighsCallbackMipInterrupt)
            // Both ways: the interior point method finds here what the last solve was told.
            input?.pointee.user_interrupt = isOver ? 1 : 0
        }
    }

    /// Keeps what HiGHS logs as an error (5); the rest is not for us, and a limit that was reached is a warning to it.
    private func hear(_ message: String, level: CInt) {
        guard level >= 5 else { return }
        let words = message.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        complaints.append(words.hasPrefix("ERROR: ") ? String(words.dropFirst(7)) : words)
    }

    /// Reports how far it is, and tells whether it should end.
    private func pass(_ output: HighsCallbackDataOut, isMixedInteger: Bool) -> Bool {
        // By our own clock: HiGHS does not tell its own at simplex iterations.
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        if let progress {
            let now = SolveProgress(
                seconds: seconds,
                iterations: max(0, Int(output.simplex_iteration_count)),
                nodes: isMixedInteger ? max(0, Int(output.mip_node_count)) : 0,
                objective: isMixedInteger ? finite(output.mip_primal_bound) : nil
            )
            if isWorthReporting(now) {
                reported = now
                progress(now)
            }
        }
        if interrupt?.isRequested == true { return true }
        if let limit, seconds >= limit { isPastDeadline = true }
        return isPastDeadline
    }

    /// The first time, each better solution, and otherwise ten times a second: HiGHS calls far more often.
    private func isWorthReporting(_ now: SolveProgress) -> Bool {
        guard let reported else { return true }
        return now.objective != reported.objective || now.seconds >= reported.seconds + 0.1
    }
}

/// HiGHS' word for a value that it does not know is infinity.
func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
