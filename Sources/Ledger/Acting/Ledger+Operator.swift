extension Ledger {
    /// Checks that who examines the ledger is its operator; nil is whoever has the machine, and so is.
    ///
    /// - Throws: ``LedgerError``; `notAllowed`.
    public static func checkExaminer(_ actor: Actor?) throws(LedgerError) {
        _ = try operating(actor, "examines the ledger")
    }

    /// As whom runs what keeps the ledger in order: the program, in the audit trail for the operator who asked for it.
    ///
    /// - Parameters:
    ///   - actor: Nil: whoever has the machine.
    ///   - roles: For whom it is beside operators.
    /// - Throws: `notAllowed`.
    static func operating(_ actor: Actor?, or roles: [Role] = [], _ what: String) throws(LedgerError) -> Acting {
        if let actor { try check(actor, is: [.admin] + roles, for: what) }
        return .program(for: actor)
    }
}
