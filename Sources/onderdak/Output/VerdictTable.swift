import CareChain

/// A verdict for people.
struct VerdictTable {
    let text: String

    init(_ verdict: Verdict) {
        var text = verdict.isFeasible ? "feasible\n" : "NOT feasible: \(verdict.violationCount) violations\n"
        text += "placed \(verdict.placedRequests), unplaced \(verdict.unplacedRequests)\n"
        if let costs = verdict.costs {
            var table = TextTable([("term", .left), ("points", .right)])
            for term in CostTerm.allCases where costs[term] != 0 { table.add([term.rawValue, String(costs[term])]) }
            table.add(["objective", String(costs.total)])
            text += "\n" + table.text
        } else {
            var table = TextTable([("rule", .left), ("where", .left)])
            for violation in verdict.violations { table.add([violation.rule.rawValue, violation.detail]) }
            text += "\n" + table.text
        }
        self.text = text
    }
}
