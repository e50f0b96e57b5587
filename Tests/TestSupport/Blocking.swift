import Dispatch

/// Runs what blocks on a thread of its own: tasks have as many threads as there are cores, for all tests together.
public func blocking<Success: Sendable>(_ body: @escaping @Sendable () -> Success) async -> Success {
    await withCheckedContinuation { continuation in
        DispatchQueue(label: "onderdak.blocking").async { continuation.resume(returning: body()) }
    }
}
