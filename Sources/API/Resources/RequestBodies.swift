package import CareChain
package import Foundation
package import Ledger

/// A request as it is listed.
package struct RequestBody: Codable, Sendable {
    package let id: String
    package let version: Int
    package let state: RequestState
    package let since: Date
    package let urgency: Urgency
    package let victims: Int
    package let neededFrom: CalendarDate
    package let latestStart: CalendarDate
    package let stayDays: Int
    package let region: String?
    package let due: Date?
    package let overdue: Bool

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
package struct RequestDetail: Codable, Sendable {
    package struct Step: Codable, Sendable {
        package let at: Date
        package let from: RequestState?
        package let to: RequestState
        package let reason: String?
        package let actor: String?
    }

    package struct UnmetDay: Codable, Sendable {
        package let day: CalendarDate
        package let reasons: [String]
    }

    package struct Outflow: Codable, Sendable {
        package let readySince: CalendarDate?
        package let passReceived: CalendarDate?
        package let registered: CalendarDate?
        package let houseFound: CalendarDate?
        package let blockedBy: String?
        package let blockedSince: CalendarDate?

        init(_ outflow: RequestRecord.Outflow) {
            readySince = outflow.readySince
            passReceived = outflow.passReceived
            registered = outflow.registered
            houseFound = outflow.houseFound
            blockedBy = outflow.blockedBy
            blockedSince = outflow.blockedSince
        }
    }

    package let request: RequestBody
    package let victims: [String]
    package let steps: [Step]
    package let stays: [StayBody]
    package let unmet: [UnmetDay]
    package let offers: [Int]
    package let outflow: Outflow?

    init(_ record: RequestRecord) {
        request = RequestBody(record.summary)
        victims = record.victims
        steps = record.steps.map { Step(at: $0.at, from: $0.from, to: $0.to, reason: $0.reason, actor: $0.actor) }
        stays = record.stays.map(StayBody.init)
        unmet = record.unmet.map { UnmetDay(day: $0.day, reasons: $0.reasons) }
        offers = record.offers
        outflow = record.outflow.map(Outflow.init)
    }
}

/// A victim in a unit.
package struct StayBody: Codable, Sendable {
    package let request: String
    package let victim: String
    package let unit: String
    package let from: CalendarDate
    package let until: CalendarDate
    package let movesMade: Int
    package let arrived: Bool
    package let overrides: [String]

    package init(_ stay: StayRecord) {
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

/// Bed-days on which somebody who was ready to leave could not, by what blocked: of the cases that the caller sees.
package struct BlockedBedDaysBody: Codable, Sendable {
    package struct Cause: Codable, Sendable {
        package let cause: String
        package let bedDays: Int
        package let requests: Int
    }

    package let items: [Cause]

    init(_ causes: [BlockedBedDays]) {
        items = causes.map { Cause(cause: $0.cause, bedDays: $0.bedDays, requests: $0.requests) }
    }
}
