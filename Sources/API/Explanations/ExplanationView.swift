import CareChain
import Ledger
import Planning

/// What is told of an explanation: in the caller's language, without other people's requests and without what an
/// investigation asks for.
struct ExplanationView {
    let horizon: Horizon
    private let language: Language
    private let requests: Set<RequestID>
    private let victims: Set<VictimID>

    init(_ basis: RunBasis, in language: Language) {
        horizon = basis.instance.horizon
        self.language = language
        requests = basis.visible
        victims = Set(basis.instance.requests.filter { basis.visible.contains($0.id) }.flatMap(\.victims))
    }

    func isVisible(_ request: RequestID) -> Bool { requests.contains(request) }

    func isVisible(_ victim: VictimID) -> Bool { victims.contains(victim) }

    func sentence(_ sentence: Sentence) -> String { sentence.in(language) }

    func stays(_ stays: [Stay]) -> [ProposedStayBody] { stays.map { ProposedStayBody($0, in: horizon) } }

    /// What keeps it out of units; of an investigation, that it does.
    func sentence(_ blocked: BlockedUnits) -> String {
        blocked.code == .rule(.investigation)
            ? sentence(InvestigationRule.sentence) : sentence(blocked.sentence(in: horizon))
    }

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
        case .untilThen: return true
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
