import CareChain
import Foundation
import Ledger

/// A request as it is listed.
struct RequestBody: Codable, Sendable {
    let id: String
    let version: Int
    let state: RequestState
    let since: Date
    let urgency: Urgency
    let victims: Int
    let neededFrom: CalendarDate
    let latestStart: CalendarDate
    let stayDays: Int
    let region: String?
    let due: Date?
    let overdue: Bool

    init(_ request: RequestSummary) {
        id = request.id
        version = request.version
        state = request.state
        since = request.since
        urgency = request.urgency
        victims = request.victims
        neededFrom = request.neededFrom
        latestStart = request.latestStart
        stayDays = request.stayDays
        region = request.region
        due = request.due
        overdue = request.isOverdue
    }
}

/// A request with what has come of it, as far as the caller may know.
struct RequestDetail: Codable, Sendable {
    struct Step: Codable, Sendable {
        let at: Date
        let from: RequestState?
        let to: RequestState
        let reason: String?
        let actor: String?
    }

    struct UnmetDay: Codable, Sendable {
        let day: CalendarDate
        let reasons: [String]
    }

    let request: RequestBody
    let victims: [String]
    let steps: [Step]
    let stays: [StayBody]
    let unmet: [UnmetDay]
    let offers: [Int]

    init(_ record: RequestRecord) {
        request = RequestBody(record.summary)
        victims = record.victims
        steps = record.steps.map { Step(at: $0.at, from: $0.from, to: $0.to, reason: $0.reason, actor: $0.actor) }
        stays = record.stays.map(StayBody.init)
        unmet = record.unmet.map { UnmetDay(day: $0.day, reasons: $0.reasons) }
        offers = record.offers
    }
}

/// A victim in a unit.
struct StayBody: Codable, Sendable {
    let request: String
    let victim: String
    let unit: String
    let from: CalendarDate
    let until: CalendarDate
    let movesMade: Int
    let arrived: Bool
    let overrides: [String]

    init(_ stay: StayRecord) {
        request = stay.request
        victim = stay.victim
        unit = stay.unit
        from = stay.from
        until = stay.until
        movesMade = stay.movesMade
        arrived = stay.arrived
        overrides = stay.overrides
    }
}
