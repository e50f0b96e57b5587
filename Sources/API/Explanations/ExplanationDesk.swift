import CareChain
import Dispatch
import Ledger
import LinearProgramming
import Planning
import Synchronization

/// Answers questions about plans, one at a time and on a thread of its own: trying out changes computes, and would keep
/// all other requests waiting. An answer is cut after some seconds with what has been found so far: planning a country
/// anew is for planners, which are processes of their own.
final class ExplanationDesk: Sendable {
    private static let seconds = 5.0
    private static let mostWaiting = 3

    private let queue = DispatchQueue(label: "onderdak.explanations")
    private let waiting = Mutex(0)

    /// Asks a question about a run's plan.
    ///
    /// - Throws: `busy` when others wait already; ``Problem`` of what cannot be explained.
    func ask<Answer: Sendable>(
        about basis: RunBasis, _ question: @escaping @Sendable (Explainer, Interrupt) throws -> Answer
    ) async throws -> Answer {
        let isAdmitted = waiting.withLock { waiting in
            if waiting == Self.mostWaiting { return false }
            waiting += 1
            return true
        }
        guard isAdmitted else { throw Problem(.busy) }
        defer { waiting.withLock { $0 -= 1 } }
        let interrupt = Interrupt()
        do {
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    queue.async {
                        continuation.resume(with: Result { try question(Self.explainer(of: basis), interrupt) })
                    }
                }
            } onCancel: {
                interrupt.request()
            }
        } catch let error as ExplanationError {
            throw Problem(error)
        }
    }

    private static func explainer(of basis: RunBasis) throws -> Explainer {
        let began = ContinuousClock.now
        let options = PlanningOptions(secondsLeft: { seconds - (ContinuousClock.now - began) / .seconds(1) })
        return try Explainer(basis.plan, of: basis.instance, options: options)
    }
}

extension Problem {
    /// The problem of a question that has no answer.
    fileprivate init(_ error: ExplanationError) {
        switch error {
        case .unknownRequest: self.init(.notFound)
        case .unknownUnit:
            self.init(
                .badParameter, english: "the run has no such unit", dutch: "het plan heeft die afdeling niet",
                parameter: "unit")
        case .decided:
            self.init(
                .conflict, english: "people have decided where this request is: no change is tried on it",
                dutch: "mensen hebben besloten waar dit verzoek is: er valt niets aan te proberen")
        case .impossible:
            self.init(.invalidField, english: "\(error)", dutch: "deze wijziging kan niet")
        case .broken:
            self.init(
                .conflict, english: "the plan of this run breaks a rule: plan anew",
                dutch: "het plan schendt een regel: maak een nieuw plan")
        case .unlisted:
            self.init(
                .conflict, english: "this plan spreads a group in more ways than can be looked at: plan anew",
                dutch: "dit plan spreidt een groep op meer manieren dan te overzien is: maak een nieuw plan")
        case .notItsPlan, .planning: self.init(.internalError)
        }
    }
}
