public import CareChain
import Postgres

/// Something that two people may change at the same time, and that therefore has a version.
public enum Versioned: Sendable, Hashable {
    /// A request, and the placement that came of it: its stays, transfers, outflow and holds on moves.
    case request(RequestID)
    /// An offer, with the approvals that were given.
    case offer(Int)
    /// Held beds.
    case hold(Int)
    /// A planned action.
    case action(Int)
    /// A transfer, with its handover.
    case transfer(Int)
    /// A coverage.
    case coverage(Int)
    /// What is known of a unit's beds: reports, the unit's own limit of their age, and what is taken and held.
    case unit(UnitID)
    /// A subscription of an actor's: of others' not even the version is told.
    case webhook(String, of: Actor)
}

extension Ledger {
    /// The ledger for one step that is made only when something still has the version that was seen; in the same
    /// transaction, so that nobody can come between. A step with a key that was made before answers as it did then.
    ///
    /// - Returns: A ledger whose steps throw ``LedgerError/stale(expected:actual:)`` when it has another version by now.
    public func expecting(_ version: Int, of thing: Versioned) -> Ledger {
        Ledger(pool, expectation: Expectation(thing: thing, version: version))
    }

    /// What a step counts on.
    struct Expectation: Sendable {
        let thing: Versioned
        let version: Int
    }

    /// Refuses a step that counts on another version than there is, and keeps the version there is until the end of the
    /// transaction.
    func checkExpectation(on connection: Connection) async throws {
        guard let expectation else { return }
        let statement: Statement =
            switch expectation.thing {
            case .request(let id): "SELECT version FROM request WHERE id = \(id.text) FOR NO KEY UPDATE"
            case .offer(let id): "SELECT version FROM offer WHERE id = \(id) FOR NO KEY UPDATE"
            case .hold(let id): "SELECT version FROM hold WHERE id = \(id) FOR NO KEY UPDATE"
            case .action(let id): "SELECT version FROM planned_action WHERE id = \(id) FOR NO KEY UPDATE"
            case .transfer(let id): "SELECT version FROM transfer WHERE id = \(id) FOR NO KEY UPDATE"
            case .coverage(let id): "SELECT version FROM coverage WHERE id = \(id) FOR NO KEY UPDATE"
            case .webhook(let id, let owner):
                "SELECT version FROM webhook WHERE id::text = \(id) AND owner = \(owner) FOR NO KEY UPDATE"
            case .unit(let id):
                // Steps about a unit take its turn, and so collide with each other.
                "SELECT version FROM unit_version(\(id.text)) AS version WHERE version IS NOT NULL"
            }
        guard let actual: Int = try await connection.query(statement).first.map({ try $0[0] }) else {
            throw expectation.thing.missing
        }
        if actual != expectation.version {
            throw LedgerError.stale(expected: expectation.version, actual: actual)
        }
    }
}

extension Versioned {
    fileprivate var missing: LedgerError {
        switch self {
        case .request(let id): .noSuch(kind: .request, id: id.text)
        case .offer(let id): .noSuch(kind: .offer, id: String(id))
        case .hold(let id): .noSuch(kind: .hold, id: String(id))
        case .action(let id): .noSuch(kind: .action, id: String(id))
        case .transfer(let id): .noSuch(kind: .transfer, id: String(id))
        case .coverage(let id): .noSuch(kind: .coverage, id: String(id))
        case .unit(let id): .noSuch(kind: .unit, id: id.text)
        case .webhook(let id, _): .noSuch(kind: .webhook, id: id)
        }
    }
}
