private import Synchronization

/// A request to end a solve, made from any thread.
///
/// It stays requested: a solve that is given it later ends at once.
public final class Interrupt: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Makes an interrupt that is not requested.
    public init() {}

    /// Whether the solve should end.
    public var isRequested: Bool { flag.load(ordering: .relaxed) }

    /// Asks the solve to end soon, with what it has.
    public func request() { flag.store(true, ordering: .relaxed) }
}
