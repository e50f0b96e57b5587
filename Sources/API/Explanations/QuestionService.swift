import Foundation
public import Ledger
import LinearProgramming
public import Logging
import Planning
public import ServiceLifecycle

/// Answers questions about plans, one at a time, until it is told to stop; then the one under way is answered with what has
/// been found. Several may answer at once: who dies over a question is replaced after some seconds.
public struct QuestionService: Service {
    private let ledger: Ledger
    private let logger: Logger
    private let worker = PlanWorker()
    private let bell: Bell

    /// Makes the service of a ledger.
    public init(ledger: Ledger, logger: Logger) {
        self.ledger = ledger
        self.logger = logger
        bell = Bell(ledger.questionSignals(), heartbeat: .seconds(2), listeners: 1)
    }

    /// Runs until the graceful shutdown that ServiceLifecycle announces.
    public func run() async throws {
        async let ringing: Void = bell.run()
        for await _ in try bell.rings(for: "questions") {
            do {
                while !Task.isShuttingDownGracefully, !Task.isCancelled, try await answerNext() {}
            } catch {
                logger.warning("questions about plans could not be answered: \(error)")
            }
        }
        try await ringing
    }

    /// Answers the oldest question that nobody answers.
    ///
    /// - Returns: False: there was none.
    private func answerNext() async throws -> Bool {
        guard let question = try await ledger.takeQuestion(worker) else { return false }
        let (ledger, worker, interrupt) = (ledger, worker, Interrupt())
        let heart = Task {
            // A database that does not answer for a moment is no reason to stop.
            while (try? await ledger.beat(worker, on: question)) ?? true { try await Task.sleep(for: .seconds(1)) }
            interrupt.request()
        }
        defer { heart.cancel() }
        let answer = try await withGracefulShutdownHandler {
            try await self.answer(to: question, interrupt)
        } onGracefulShutdown: {
            interrupt.request()
        }
        try await ledger.answer(question, worker, with: answer)
        return true
    }

    private func answer(to question: PlanQuestion, _ interrupt: Interrupt) async throws -> String {
        do {
            let asked = try JSONDecoder.api.decode(Question.self, from: Data(question.text.utf8))
            // What whoever asks may see is asked as them once more, so that nothing else comes into the answer.
            let basis = try await ledger.basis(of: question.run, explaining: question.request, as: question.actor)
            return try await asked.answer(about: question.request, basis, interrupt)
        } catch {
            // What is the database's passes: another planner, or this one, takes the question again.
            if case LedgerError.database = error { throw error }
            let problem = Problem(error)
            if problem.code == .internalError { logger.error("\(error)", metadata: ["run": "\(question.run)"]) }
            return try Outcome<ExplanationBody>.problem(problem).json()
        }
    }
}
