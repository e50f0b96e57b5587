public import CareChain
public import Foundation
public import Postgres

/// A question about what a run has for a request, which waits for a planner.
public struct PlanQuestion: Sendable, Equatable {
    /// Its name, which tells nobody how many there are.
    public let id: UUID
    /// Who asks, and with whose rights it is to be answered.
    public let actor: Actor
    /// The run.
    public let run: Int
    /// The request.
    public let request: RequestID
    /// What is asked, as JSON.
    public let text: String

    /// Makes a question.
    public init(of run: Int, about request: RequestID, _ text: String, by actor: Actor) {
        id = UUID()
        self.actor = actor
        self.run = run
        self.request = request
        self.text = text
    }

    fileprivate init(_ row: Row) throws {
        id = try row["id"]
        actor = try row["asked_by"]
        run = try row["run"]
        request = RequestID(try row["request"])
        text = try row["question"]
    }
}

// Answers are kept nowhere: who asked waits for them and takes them away. All goes by the server's clock.
extension Ledger {
    /// Asks a question. Whether the actor may ask it is for the caller to find out (``basis(of:explaining:as:)``).
    ///
    /// - Parameter seconds: How long whoever asks waits for the answer.
    /// - Returns: False when as many questions wait as planners could answer in time: then it was not asked.
    /// - Throws: ``LedgerError``
    public func ask(_ question: PlanQuestion, waiting seconds: Double) async throws(LedgerError) -> Bool {
        try await transaction(.readCommitted, as: .program(for: question.actor)) { connection in
            let asked = try await connection.query(
                """
                WITH asked AS (
                    INSERT INTO plan_question (id, asked_by, wanted_until, run, request, question)
                    SELECT \(question.id)::uuid, \(question.actor), now() + make_interval(secs => \(seconds)::float8),
                        \(question.run)::bigint, \(question.request.text), \(JSONText(postgresText: question.text))
                    WHERE (SELECT count(*) FROM plan_question WHERE worker IS NULL AND wanted_until > now())
                        < \(Self.mostQuestionsWaiting)::integer
                    RETURNING id)
                SELECT pg_notify('onderdak_question', '') FROM asked
                """)
            return !asked.isEmpty
        }
    }

    /// More would wait in vain for one planner, who is cut after five seconds over each.
    private static let mostQuestionsWaiting = 2

    /// Tells when there may be questions to answer. Each loop over it has a connection of its own.
    public func questionSignals() -> Notifications {
        Notifications(pool.options, channels: ["onderdak_question"])
    }

    /// Takes the oldest question that nobody answers, or whose planner's heart has stopped; nil: there is none. One over
    /// which two planners have died is nobody's any more.
    ///
    /// - Parameter silence: After how many seconds without a heartbeat a planner counts as gone.
    /// - Throws: ``LedgerError``
    public func takeQuestion(_ worker: PlanWorker, silence: Int = 8) async throws(LedgerError) -> PlanQuestion? {
        try await transaction(.readCommitted) { connection in
            try await connection.query(
                """
                UPDATE plan_question SET worker = \(worker.id), heartbeat_at = now(), attempts = attempts + 1
                WHERE id = (
                    SELECT id FROM plan_question
                    WHERE answer IS NULL AND wanted_until > now() AND attempts < 2
                        AND (worker IS NULL OR heartbeat_at < now() - make_interval(secs => \(silence)::float8))
                    ORDER BY asked_at LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING id, asked_by, run, request, question::text AS question
                """
            ).first.map { try PlanQuestion($0) }
        }
    }

    /// Tells that a planner still works on a question.
    ///
    /// - Returns: False when nobody waits for the answer any more, or another has taken it over: stop.
    /// - Throws: ``LedgerError``
    public func beat(_ worker: PlanWorker, on question: PlanQuestion) async throws(LedgerError) -> Bool {
        try await transaction(.readCommitted) { connection in
            try await connection.query(
                """
                UPDATE plan_question SET heartbeat_at = now()
                WHERE id = \(question.id) AND worker = \(worker.id) AND answer IS NULL AND wanted_until > now()
                """
            ).affected == 1
        }
    }

    /// Answers a question with JSON, unless nobody waits for it any more or another planner has taken it over.
    ///
    /// - Returns: Whether it was answered.
    /// - Throws: ``LedgerError``
    @discardableResult
    public func answer(
        _ question: PlanQuestion, _ worker: PlanWorker, with text: String
    ) async throws(LedgerError) -> Bool {
        try await transaction(.readCommitted) { connection in
            try await connection.query(
                """
                UPDATE plan_question SET answer = \(JSONText(postgresText: text))
                WHERE id = \(question.id) AND worker = \(worker.id) AND answer IS NULL
                """
            ).affected == 1
        }
    }

    /// Takes the answer to a question, and the question, out of the ledger; nil: there is none yet.
    ///
    /// - Throws: ``LedgerError``
    public func takeAnswer(to question: PlanQuestion) async throws(LedgerError) -> String? {
        try await transaction(.readCommitted) { connection in
            try await connection.query(
                """
                DELETE FROM plan_question WHERE id = \(question.id) AND answer IS NOT NULL RETURNING answer::text AS answer
                """
            ).first.map { try $0["answer"] }
        }
    }

    /// Takes a question back, for whoever asked it no longer waits.
    ///
    /// - Throws: ``LedgerError``
    public func withdraw(_ question: PlanQuestion) async throws(LedgerError) {
        try await transaction(.readCommitted) { connection in
            try await connection.query("DELETE FROM plan_question WHERE id = \(question.id)")
        }
    }
}
