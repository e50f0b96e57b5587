import CareChain
import Dispatch
import Ledger
import Planning

/// Tells in another language why a run has no place for requests: a run keeps the sentences in English, and what they were
/// made from. One at a time and on a thread of its own: the units are gone through anew.
struct ReasonDesk: Sendable {
    private let queue = DispatchQueue(label: "onderdak.reasons")

    /// The reasons by request; only of those that the run knows and has no place for.
    func reasons(
        for requests: Set<RequestID>, of basis: RunBasis, in language: Language
    ) async -> [RequestID: [CareChain.Reason]] {
        await withCheckedContinuation { continuation in
            queue.async {
                var plan = basis.plan
                plan.unplaced = plan.unplaced.filter { requests.contains($0.request) }
                let told = plan.withReasons(in: language, of: basis.instance).unplaced.map { ($0.request, $0.reasons) }
                continuation.resume(returning: Dictionary(told, uniquingKeysWith: { first, _ in first }))
            }
        }
    }
}
