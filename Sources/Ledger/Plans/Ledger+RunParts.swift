public import CareChain
import Foundation
import Postgres

extension Ledger {
    /// A page of the runs, the newest first: for the desk, whose plans they are.
    ///
    /// - Throws: ``LedgerError``; `notAllowed` for others; `invalid` for a cursor of another list.
    public func runs(_ page: PageRequest, as actor: Actor) async throws(LedgerError) -> Page<PlanRun> {
        try Self.check(actor, is: [.desk], for: "sees all runs")
        let order = ListOrder("runs", .number)
        let start = try order.start(page)
        let found = try await view(as: actor) { try await Self.runs(nil, start, on: $0) }
        return order.page(found, page) { [String($0.id)] }
    }

    /// A run with its input and output, as far as an actor may see them: the desk all requests that are disclosed to it, a
    /// coordinator its own.
    ///
    /// - Throws: ``LedgerError``; `noSuchRun`; also when no request of the run is the coordinator's.
    public func run(_ id: Int, as actor: Actor) async throws(LedgerError) -> RunPart {
        let (run, basis) = try await basis(of: id, as: actor)
        do {
            return RunPart(
                run: run, instance: try basis.instance.part(of: basis.visible),
                plan: basis.plan.part(of: basis.visible, in: basis.instance))
        } catch {
            throw .noInstance(error)
        }
    }

    /// A page of what a run proposes for the requests that an actor may see, by request.
    ///
    /// - Parameter placed: Only for requests that it gives a place, or none; nil: for all.
    /// - Throws: ``LedgerError``; `noSuchRun`; `invalid` for a cursor of another list.
    public func proposals(
        of run: Int, placed: Bool? = nil, _ page: PageRequest, as actor: Actor
    ) async throws(LedgerError) -> Page<Proposal> {
        try Self.check(actor, is: [.desk, .coordinator], for: "sees what runs propose")
        let order = ListOrder("proposals", .text)
        let start = try order.start(page)
        let proposals = try await view(as: actor) {
            try await Self.proposals(of: run, placed: placed, start, on: $0)
        }
        if proposals.isEmpty { _ = try await self.run(run, as: actor) }
        return order.page(proposals, page) { [$0.request.text] }
    }

    /// What a request of a run is explained with, and what would happen with one change tried on.
    ///
    /// - Throws: ``LedgerError``; `noSuchRun`; `noSuch` when the request is not in the run or not the actor's to see;
    ///   `notNow` when facts of erased victims were taken out of the run, which then is none to reason from.
    public func basis(
        of run: Int, explaining request: RequestID, as actor: Actor
    ) async throws(LedgerError) -> RunBasis {
        let (kept, basis) = try await basis(of: run, as: actor)
        guard basis.visible.contains(request) else { throw .noSuch(kind: .request, id: request.text) }
        if kept.blankedAt != nil {
            throw .notNow(
                rule: RefusalCode.blanked.rawValue,
                Sentence(
                    english: "facts of erased cases were taken out of run \(run): explain a later one",
                    dutch: "uit plan \(run) zijn feiten van gewiste dossiers weggehaald: laat een later plan uitleggen")
            )
        }
        return basis
    }

    private func basis(of id: Int, as actor: Actor) async throws(LedgerError) -> (PlanRun, RunBasis) {
        try Self.check(actor, is: [.desk, .coordinator], for: "sees runs")
        let kept = try await run(id)
        let basis: (instance: Instance, plan: Plan)
        do {
            basis = (try Instance(json: kept.instance), try Plan(json: kept.plan))
        } catch {
            throw .noInstance(error)
        }
        let visible: Set<RequestID> = try await view(as: actor) { connection in
            let ids = basis.instance.requests.map(\.id.text)
            let rows = try await connection.query("SELECT id FROM request WHERE id = ANY (\(ids)::text[])")
            return Set(try rows.map { RequestID(try $0["id"]) })
        }
        // Whether a run there is, is the desk's to know.
        if visible.isEmpty, actor.role != .desk { throw .noSuchRun(id) }
        return (kept.run, RunBasis(instance: basis.instance, plan: basis.plan, visible: visible))
    }
}
