/// A value that changes on certain days and stays the same between them.
///
/// It has at least one step, the first on day 0, and ascending days; the first also holds for days before 0.
/// ``Instance`` checks that.
public struct StepFunction<Value: Sendable & Equatable>: Sendable, Equatable {
    /// A day and the value from that day on.
    public struct Step: Sendable, Equatable {
        /// The first day of the value.
        public let from: Day
        /// The value until the next step.
        public let value: Value

        /// Makes a step.
        public init(from: Day, value: Value) {
            self.from = from
            self.value = value
        }
    }

    /// The steps in the order given.
    public let steps: [Step]

    /// Makes a function of its steps.
    public init(_ steps: [Step]) {
        self.steps = steps
    }

    /// Makes a function that never changes.
    public init(constant value: Value) {
        steps = [Step(from: 0, value: value)]
    }

    /// The value on a day: that of the last step not after it.
    public subscript(day: Day) -> Value {
        var low = 0
        var high = steps.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if steps[middle].from <= day { low = middle } else { high = middle }
        }
        return steps[low].value
    }

    /// The ranges of days within a horizon and their values, in order.
    public func pieces(within days: Range<Day>) -> [(days: Range<Day>, value: Value)] {
        var pieces: [(days: Range<Day>, value: Value)] = []
        for (index, step) in steps.enumerated() {
            let from = index == 0 ? days.lowerBound : max(step.from, days.lowerBound)
            let until = index + 1 < steps.count ? min(steps[index + 1].from, days.upperBound) : days.upperBound
            if from < until { pieces.append((from..<until, step.value)) }
        }
        return pieces
    }
}
