import CareChain
import Foundation
import Planning

/// An explanation for programs.
struct ExplanationDocument: Encodable {
    let request: String
    let standing: String
    let stays: [StayView]
    let costs: [CostView]
    let alternatives: [AlternativeView]
    let reasons: [ReasonView]
    let suggestions: [SuggestionView]
    let dangerousSuggestions: [SuggestionView]
    let unit: UnitView?
    let cut: Bool

    init(_ explanation: Explanation, of instance: Instance) throws {
        let horizon = instance.horizon
        request = explanation.request.text
        standing = explanation.standing.rawValue
        stays = explanation.stays.map(StayView.init)
        costs = explanation.costs.map { CostView($0) }
        alternatives = explanation.alternatives.map(AlternativeView.init)
        reasons = explanation.reasons.map { ReasonView($0, horizon) }
        suggestions = try explanation.unlocking?.suggestions.map { try SuggestionView($0, horizon) } ?? []
        dangerousSuggestions = try explanation.unlocking?.dangerous.map { try SuggestionView($0, horizon) } ?? []
        unit = try explanation.unit.map { try UnitView($0, horizon) }
        cut = explanation.isCut
    }

    /// A sentence in both languages.
    struct SentenceView: Encodable {
        let en: String
        let nl: String

        init(_ sentence: Sentence) {
            en = sentence.in(.english)
            nl = sentence.in(.dutch)
        }
    }

    struct StayView: Encodable {
        let victim: String
        let unit: String
        let from: Int
        let until: Int

        init(_ stay: Stay) {
            victim = stay.victim.text
            unit = stay.unit.text
            from = stay.from.number
            until = stay.until.number
        }
    }

    struct CostView: Encodable {
        let term: String
        let points: Int
        let count: Int
        let victim: String?
        let unit: String?
        let from: Int?
        let funder: String?

        init(_ item: CostItem) {
            term = item.term.rawValue
            points = item.points
            count = item.count
            victim = item.victim?.text
            unit = item.unit?.text
            from = item.from?.number
            funder = item.funder?.text
        }
    }

    struct AlternativeView: Encodable {
        let stays: [StayView]
        let extraCost: Int
        let difference: [String: Int]

        init(_ alternative: Alternative) {
            stays = alternative.stays.map(StayView.init)
            extraCost = alternative.extraCost
            difference = Dictionary(
                uniqueKeysWithValues: CostTerm.allCases.filter { alternative.difference[$0] != 0 }.map {
                    ($0.rawValue, alternative.difference[$0])
                })
        }
    }

    struct ReasonView: Encodable {
        let code: String
        let units: [String]
        let freeFrom: Int?
        let text: SentenceView

        init(_ blocked: BlockedUnits, _ horizon: Horizon) {
            code = blocked.code.text
            units = blocked.units.map(\.text)
            freeFrom = blocked.freeFrom?.number
            text = SentenceView(blocked.sentence(in: horizon))
        }
    }

    struct ConsequenceView: Encodable {
        let objectiveChange: Int
        let stays: [StayView]
        let others: [DisplacedView]
        let plan: JSONTree

        init(_ consequence: Consequence) throws {
            objectiveChange = consequence.objectiveChange
            stays = consequence.stays.map(StayView.init)
            others = consequence.others.map(DisplacedView.init)
            plan = try JSONDecoder().decode(JSONTree.self, from: Data(consequence.plan.json()))
        }
    }

    struct DisplacedView: Encodable {
        let request: String
        let before: [StayView]
        let after: [StayView]

        init(_ displaced: Consequence.Displaced) {
            request = displaced.request.text
            before = displaced.before.map(StayView.init)
            after = displaced.after.map(StayView.init)
        }
    }

    struct SuggestionView: Encodable {
        let changes: [ChangeView]
        let dangerous: Bool
        let consequence: ConsequenceView

        init(_ suggestion: Unlocking.Suggestion, _ horizon: Horizon) throws {
            changes = suggestion.changes.map { ChangeView($0, horizon) }
            dangerous = suggestion.isDangerous
            consequence = try ConsequenceView(suggestion.consequence)
        }
    }

    struct ChangeView: Encodable {
        let kind: String
        let dangerous: Bool
        let text: SentenceView
        var unit: String?
        var request: String?
        var victims: [String]?
        var from: Int?
        var until: Int?
        var latestStart: Int?
        var service: String?
        var minutes: Int?
        var level: Int?
        var region: String?
        var shelter: String?

        init(_ change: Change, _ horizon: Horizon) {
            kind = change.kind.rawValue
            dangerous = change.kind.isDangerous
            text = SentenceView(change.sentence(in: horizon))
            switch change {
            case .bed(let unit, let days):
                self.unit = unit.text
                from = days.lowerBound.number
                until = days.upperBound.number
            case .wait(let request, let latest, _):
                self.request = request.text
                latestStart = latest.number
            case .need(let service, let victims):
                self.service = service
                self.victims = victims.map(\.text)
            case .travel(let minutes, let victims):
                self.minutes = minutes
                self.victims = victims.map(\.text)
            case .security(let level, let victims):
                self.level = level
                self.victims = victims.map(\.text)
            case .region(let region, let victims):
                self.region = region.text
                self.victims = victims.map(\.text)
            case .shelter(let shelter, let victims):
                self.shelter = shelter.text
                self.victims = victims.map(\.text)
            case .contact(let a, let b): victims = [a.text, b.text]
            case .otherRequest(let request): self.request = request.text
            }
        }
    }

    struct UnitView: Encodable {
        let unit: String
        let there: Bool
        let obstacle: ObstacleView?
        let beside: AlternativeView?
        let consequence: ConsequenceView?

        init(_ explanation: UnitExplanation, _ horizon: Horizon) throws {
            unit = explanation.unit.text
            there = explanation.isThere
            obstacle = explanation.obstacle.map { ObstacleView($0, horizon) }
            beside = explanation.beside.map(AlternativeView.init)
            consequence = try explanation.consequence.map { try ConsequenceView($0) }
        }
    }

    struct ObstacleView: Encodable {
        let code: String
        let victim: String?
        let unit: String?
        let day: Int?
        let holders: [HolderView]
        let text: SentenceView

        init(_ obstacle: Obstacle, _ horizon: Horizon) {
            code = obstacle.code.text
            victim = obstacle.victim?.text
            unit = obstacle.unit?.text
            day = obstacle.day?.number
            holders = obstacle.holders.map(HolderView.init)
            text = SentenceView(obstacle.sentence(in: horizon))
        }
    }

    struct HolderView: Encodable {
        let request: String
        let victims: Int
        let from: Int
        let until: Int
        let fixed: Bool

        init(_ holder: Obstacle.Holder) {
            request = holder.request.text
            victims = holder.victims
            from = holder.days.lowerBound.number
            until = holder.days.upperBound.number
            fixed = holder.isFixed
        }
    }
}
