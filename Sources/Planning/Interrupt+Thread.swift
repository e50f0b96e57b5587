import Dispatch
public import LinearProgramming

extension Interrupt {
    /// Computes on a thread of its own: what computes for seconds would keep a thread from all else that goes on in the
    /// process. When the task is cancelled, it is told to end soon.
    public func computing<Success: Sendable>(
        _ body: @escaping @Sendable (Interrupt) throws -> Success
    ) async throws -> Success {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                DispatchQueue(label: "onderdak.computing").async {
                    continuation.resume(with: Result { try body(self) })
                }
            }
        } onCancel: {
            request()
        }
    }
}
