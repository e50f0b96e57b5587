import Synchronization

/// A clock that goes so many times, and then says that no time is left.
final class Countdown: Sendable {
    private let moments: Atomic<Int>

    init(_ moments: Int) { self.moments = Atomic(moments) }

    @Sendable func next() -> Double { moments.subtract(1, ordering: .relaxed).newValue >= 0 ? 1 : 0 }
}
