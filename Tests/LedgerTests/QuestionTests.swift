import CareChain
import Ledger
import Postgres
import TestSupport
import Testing

@Suite struct QuestionTests {
    private static let desk = Actor(role: .desk, id: "national")

    /// A question that whoever asks it waits for as long as a test takes.
    private static func asked(_ text: String = "{}", of ledger: Ledger) async throws -> PlanQuestion {
        let question = PlanQuestion(of: 1, about: "r1", text, by: desk)
        #expect(try await ledger.ask(question, waiting: 600))
        return question
    }

    private static func stopHeart(of question: PlanQuestion, in ledger: Ledger) async throws {
        try await ledger.pool.query(
            "UPDATE plan_question SET heartbeat_at = heartbeat_at - interval '2 hours' WHERE id = \(question.id)")
    }

    private static func count(in ledger: Ledger) async throws -> Int {
        try await ledger.pool.query("SELECT count(*) AS count FROM plan_question").one()["count"]
    }

    @Test func `Each question is answered once, to whoever asked it, and kept nowhere`() async throws {
        try await withLedger { ledger in
            let first = try await Self.asked(#"{"first": true}"#, of: ledger)
            let second = try await Self.asked(#"{"second": true}"#, of: ledger)
            #expect(try await ledger.takeAnswer(to: first) == nil)
            let (one, other) = (PlanWorker(), PlanWorker())
            let taken = try #require(try await ledger.take(one))
            #expect(taken == first)
            #expect(try await ledger.take(other) == second)
            #expect(try await ledger.take(PlanWorker()) == nil)
            #expect(try await ledger.answer(second, one, with: "1") == false)
            #expect(try await ledger.answer(second, other, with: "2"))
            #expect(try await ledger.answer(second, other, with: "3") == false)
            #expect(try await ledger.answer(first, one, with: "1"))
            #expect(try await ledger.takeAnswer(to: first) == "1")
            #expect(try await ledger.takeAnswer(to: second) == "2")
            #expect(try await ledger.takeAnswer(to: second) == nil)
            #expect(try await Self.count(in: ledger) == 0)
        }
    }

    @Test func `A planner whose heart stops over a question is replaced once, and keeps nobody waiting`() async throws {
        try await withLedger { ledger in
            let question = try await Self.asked(of: ledger)
            let (one, other) = (PlanWorker(), PlanWorker())
            #expect(try await ledger.take(one) == question)
            #expect(try await ledger.take(other) == nil)
            try await Self.stopHeart(of: question, in: ledger)
            #expect(try await ledger.take(other) == question)
            #expect(try await ledger.beat(one, on: question) == false)
            #expect(try await ledger.beat(other, on: question))
            #expect(try await ledger.answer(question, one, with: "1") == false)
            try await Self.stopHeart(of: question, in: ledger)
            let next = try await Self.asked(of: ledger)
            #expect(try await ledger.take(PlanWorker()) == next)
            #expect(try await ledger.take(PlanWorker()) == nil)
        }
    }

    @Test func `What nobody waits for is neither taken nor answered, and goes`() async throws {
        try await withLedger { ledger in
            let worker = PlanWorker()
            let withdrawn = try await Self.asked(of: ledger)
            #expect(try await ledger.take(worker) == withdrawn)
            try await ledger.withdraw(withdrawn)
            #expect(try await ledger.beat(worker, on: withdrawn) == false)
            #expect(try await ledger.answer(withdrawn, worker, with: "1") == false)
            #expect(try await Self.count(in: ledger) == 0)

            // The server died that asked this one.
            let abandoned = try await Self.asked(of: ledger)
            try await ledger.pool.query("UPDATE plan_question SET wanted_until = now()")
            #expect(try await ledger.take(worker) == nil)
            try await ledger.sweep()
            #expect(try await Self.count(in: ledger) == 1)
            try await ledger.pool.query("UPDATE plan_question SET wanted_until = now() - interval '2 minutes'")
            try await ledger.sweep()
            #expect(try await Self.count(in: ledger) == 0)
            #expect(try await ledger.takeAnswer(to: abandoned) == nil)
        }
    }

    @Test func `Questions that could not be answered in time are not asked`() async throws {
        try await withLedger { ledger in
            for _ in 1...2 { _ = try await Self.asked(of: ledger) }
            let late = PlanQuestion(of: 1, about: "r1", "{}", by: Self.desk)
            #expect(try await ledger.ask(late, waiting: 600) == false)
            #expect(try await Self.count(in: ledger) == 2)
            // One is being answered, and of one nobody waits for the answer: there is room for two.
            _ = try await ledger.take(PlanWorker())
            try await ledger.pool.query(
                """
                UPDATE plan_question SET wanted_until = now()
                WHERE id = (SELECT id FROM plan_question WHERE worker IS NULL LIMIT 1)
                """)
            for _ in 1...2 { _ = try await Self.asked(of: ledger) }
            #expect(try await ledger.ask(late, waiting: 600) == false)
        }
    }
}

extension Ledger {
    /// Takes a question as a planner does for whom only a heart that a test stops has stopped, however long the test takes.
    fileprivate func take(_ worker: PlanWorker) async throws -> PlanQuestion? {
        try await takeQuestion(worker, silence: 3600)
    }
}
