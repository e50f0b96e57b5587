import CareChain
import Ledger
import Planning

/// What is told of an explanation: in the caller's language, without other people's requests and without what an
/// investigation asks for.
struct ExplanationView {
    private let basis: RunBasis
    private let language: Language
    private let victims: Set<VictimID>

    init(_ basis: RunBasis, in language: Language) {
        self.basis = basis
        self.language = language
        victims = Set(basis.instance.requests.filter { basis.visible.contains($0.id) }.flatMap(\.victims))
    }

    var horizon: Horizon { basis.instance.horizon }

    func isVisible(_ request: RequestID) -> Bool { basis.visible.contains(request) }

    func isVisible(_ victim: VictimID) -> Bool { victims.contains(victim) }

    func sentence(_ sentence: Sentence) -> String { sentence.in(language) }

    func stays(_ stays: [Stay]) -> [ProposedStayBody] { stays.map { ProposedStayBody($0, in: horizon) } }

    // MARK: - Costs, what the way to an investigation weighs aside: that would tell how far away it is

    func costs(_ costs: [CostItem]) -> [CostItem] { costs.filter { $0.term != .travel } }

    func extraCost(_ alternative: Alternative) -> Int { alternative.extraCost - alternative.difference[.travel] }

    func objectiveChange(_ consequence: Consequence, of request: RequestID) -> Int {
        let before = basis.plan.stays.filter { $0.request == request }
        return consequence.objectiveChange - travel(request, before, consequence.stays)
            - consequence.others.reduce(0) { $0 + travel($1.request, $1.before, $1.after) }
    }

    private func travel(_ request: RequestID, _ before: [Stay], _ after: [Stay]) -> Int {
        guard let place = basis.instance.requestIndex[request] else { return 0 }
        let request = basis.instance.requests[place]
        let costs = [before, after].map { stays in
            Costs(CostItem.items(of: request, stays: stays, in: basis.instance))[.travel]
        }
        return costs[1] - costs[0]
    }

    // MARK: - Sentences

    /// What keeps it out of units.
    func sentence(_ blocked: BlockedUnits) -> String { sentence(blocked.sentence(in: horizon)) }

    func sentence(_ obstacle: Obstacle) -> String {
        guard isOfOthers(obstacle), case .rule(let code) = obstacle.code,
            let rule = allRules.first(where: { $0.code == code })
        else { return sentence(obstacle.sentence(in: horizon)) }
        return sentence(rule.sentence)
    }

    /// Whether its sentence would tell of those whom the caller may not see, or of an investigation.
    private func isOfOthers(_ obstacle: Obstacle) -> Bool {
        if obstacle.code == .rule(.investigation) || obstacle.holders.contains(where: { !isVisible($0.request) }) {
            return true
        }
        switch obstacle {
        case .noContact(_, let other, _): return !isVisible(other)
        // Which of those whom nobody may see it is about, an obstacle within another does not tell.
        case .untilThen, .elsewhere: return true
        default: return false
        }
    }

    func sentence(_ change: Change) -> String {
        switch change {
        case .travel:
            sentence(
                Sentence(
                    english: "a longer journey to the investigation is allowed",
                    dutch: "verder reizen naar het onderzoek mag"))
        case .otherRequest(let request) where !isVisible(request):
            sentence(
                Sentence(
                    english: "another request goes elsewhere or at another time",
                    dutch: "een ander verzoek gaat ergens anders heen of op een ander moment"))
        case .contact(let a, let b) where !isVisible(a) || !isVisible(b):
            sentence(
                Sentence(
                    english: "two who must not meet may meet",
                    dutch: "twee die elkaar niet mogen ontmoeten mogen dat wel"))
        default: sentence(change.sentence(in: horizon))
        }
    }
}
