import CareChain
import Planning

/// A verdict for people, in their language.
struct VerdictTable {
    let text: String

    init(_ verdict: Verdict, in language: Language) {
        func say(_ english: String, _ dutch: String) -> String {
            Sentence(english: english, dutch: dutch).in(language)
        }
        var text =
            verdict.isFeasible
            ? say("feasible\n", "uitvoerbaar\n")
            : say(
                "NOT feasible: \(verdict.violationCount) violations\n",
                "NIET uitvoerbaar: \(verdict.violationCount) overtredingen\n")
        text += say(
            "placed \(verdict.placedRequests), unplaced \(verdict.unplacedRequests)\n",
            "geplaatst \(verdict.placedRequests), zonder plek \(verdict.unplacedRequests)\n")
        if let costs = verdict.costs {
            var table = TextTable([(say("term", "term"), .left), (say("points", "punten"), .right)])
            for term in CostTerm.allCases where costs[term] != 0 {
                table.add([language == .english ? term.rawValue : term.name.dutch, String(costs[term])])
            }
            table.add([say("objective", "doelwaarde"), String(costs.total)])
            text += "\n" + table.text
        } else {
            var table = TextTable([(say("rule", "regel"), .left), (say("where", "waar"), .left)])
            for violation in verdict.violations {
                table.add([violation.rule.rawValue, violation.detail.in(language)])
            }
            text += "\n" + table.text
            text +=
                "\n"
                + allRules.filter { verdict.rules.contains($0.code) }.map {
                    "\($0.code.rawValue): \($0.sentence.in(language))\n"
                }.joined()
        }
        self.text = text
    }
}
