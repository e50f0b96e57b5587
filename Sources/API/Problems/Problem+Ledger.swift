import CareChain
import Ledger
import Planning
import Postgres

extension Problem {
    /// The problem that an error of the layers below is told as.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as LedgerError: self.init(error)
        case let error as PostgresError: self.init(LedgerError.database(error))
        case let error as ExplanationError: self.init(error)
        case is CancellationError: self.init(.busy)
        default: self.init(.internalError)
        }
    }

    private init(_ error: LedgerError) {
        let sentence = error.sentence
        switch error {
        case .breaks(let rules):
            self.init(.ruleBroken, sentence)
            self.rules = rules.map { broken in
                Broken(
                    rule: broken.rule.rawValue,
                    detail: Sentence(
                        english: "\(broken.sentence.english): \(broken.detail.english)",
                        dutch: "\(broken.sentence.dutch): \(broken.detail.dutch)"))
            }
        case .refused(let constraint) where constraint == "capacity_report_same":
            self.init(.keyReused, sentence)
        case .refused(constraint: "request_step_role"), .refused(constraint: "offer_approval_role"),
            .refused(constraint: "capacity_report_source"), .refused(constraint: "offer_actor"),
            .refused(constraint: "case_actor"), .refused(constraint: "owner_actor"),
            .refused(constraint: "coverage_actor"), .notAllowed:
            self.init(.notAllowed, refusedBy: error)
        // Whose case it is may erase it, but not while it is under way.
        case .denied("case_under_way", _): self.init(.ruleBroken, refusedBy: error)
        case .denied: self.init(.notAllowed, refusedBy: error)
        case .notNow: self.init(.ruleBroken, refusedBy: error)
        case .refused where error.isRefusalOfStep: self.init(.ruleBroken, refusedBy: error)
        case .noSuch, .noSuchRun: self.init(.notFound, sentence)
        case .notDisclosed: self.init(.notDisclosed, sentence)
        case .keyReused: self.init(.keyReused, sentence)
        case .stale: self.init(.outdated, sentence)
        case .refused, .invalid, .outsideCalendar, .unstorableText, .noInstance, .unkeepablePlan:
            self.init(.refused, sentence)
        case .contradicts, .noPolicy, .incomplete, .unevenStays: self.init(.conflict, sentence)
        case .items(let problems): self.init(items: problems)
        case .database(let error): self.init(error)
        case .unsealable, .keys, .unexpected: self.init(.internalError)
        }
    }

    private init(_ code: ProblemCode, refusedBy error: LedgerError) {
        let sentence = error.sentence
        self.init(code, sentence)
        rules = error.rules.map { Broken(rule: $0, detail: sentence) }
    }

    /// The first of them says the status, all are told.
    private init(items: [Int: LedgerError]) {
        let told = items.sorted { $0.key < $1.key }.map { ($0.key, Problem($0.value)) }
        let first = told.first?.1
        self.init(first?.code ?? .internalError, first?.detail, pointer: told.first.map { "/\($0.0)" })
        rules = first?.rules ?? []
        faults = told.map { Fault(code: $1.code, pointer: "/\($0)", detail: $1.detail) }
    }

    private init(_ error: PostgresError) {
        switch error {
        case .connectionFailed, .connectionLost, .connectionClosed, .poolShutDown: self.init(.databaseUnavailable)
        case .poolExhausted, .cancelled: self.init(.busy)
        case .server(let refusal):
            switch refusal.sqlState.rawValue.prefix(2) {
            // Connections, resources, and the server's own going down (57P01 to 57P03).
            case "08", "53": self.init(.databaseUnavailable)
            case "57": self.init(refusal.sqlState == .queryCanceled ? .busy : .databaseUnavailable)
            // Transactions that collided ten times in a row, and locks not got.
            case "40", "55": self.init(.busy)
            default: self.init(.internalError)
            }
        case .invalidOptions, .invalidStatement, .decoding, .alreadyInTransaction, .transactionAborted:
            self.init(.internalError)
        }
    }
}
