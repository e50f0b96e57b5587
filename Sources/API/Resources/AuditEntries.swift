import CareChain
import Foundation
import HTTPTypes
import Ledger

extension Operation {
    /// Who saw and did what, and what an auditor must look at.
    static var auditEntries: [Operation] {
        [
            Operation(
                .get, "/v1/audit-entries", id: "listAuditEntries", scope: "audit:read", query: AuditQuery.self,
                content: PageBody<AuditEntryBody>.self
            ) { call in
                let filter = AuditFilter(
                    victim: call.query.victim.map { VictimID($0) }, request: call.query.request.map { RequestID($0) },
                    actor: call.query.actor, day: call.query.day)
                let found = try await call.ledger.audit(filter, call.query.page(), as: .actor(call.actor))
                return Answer(PageBody(found, AuditEntryBody.init))
            },
            Operation(
                .get, "/v1/alarms", id: "listAlarms", scope: "audit:read", query: AlarmQuery.self,
                content: PageBody<AlarmBody>.self
            ) { call in
                let found = try await call.ledger.alarms(
                    openOnly: call.query.open ?? true, call.query.page(), as: .actor(call.actor))
                return Answer(PageBody(found, AlarmBody.init))
            },
            Operation(
                .post, "/v1/alarms/{id}/seen", id: "seeAlarm", scope: "audit:write", content: AlarmBody.self,
                takesKey: true
            ) { call in
                let number = try call.number()
                do {
                    try await call.ledger.see(alarm: number, as: call.actor)
                } catch LedgerError.denied("alarm_open", _) {
                    // There is none, or it was seen before: then what was asked for is so.
                }
                return Answer(AlarmBody(try await call.ledger.alarm(number, as: .actor(call.actor))))
            },
        ]
    }
}

struct AuditQuery: Codable, Sendable, PageQuery {
    let victim: String?
    let request: String?
    let actor: String?
    let day: CalendarDate?
    let limit: Int?
    let cursor: String?
}

struct AuditEntryBody: Codable, Sendable {
    let number: Int
    let at: Date
    let actor: String
    let login: String
    let action: String
    let relation: String
    let victim: String?
    let request: String?
    let object: String?
    let fields: [String]

    init(_ entry: AuditEntry) {
        number = entry.number
        at = entry.at
        actor = entry.actor
        login = entry.login
        action = entry.action
        relation = entry.relation
        victim = entry.victim
        request = entry.request
        object = entry.object
        fields = entry.fields
    }
}

struct AlarmQuery: Codable, Sendable, PageQuery {
    let open: Bool?
    let limit: Int?
    let cursor: String?
}

struct AlarmBody: Codable, Sendable {
    let number: Int
    let at: Date
    let kind: String
    let actor: String
    let victim: String?
    let categories: [String]
    let reason: String?
    let until: Date?
    let seenAt: Date?

    init(_ alarm: Alarm) {
        number = alarm.number
        at = alarm.at
        kind = alarm.kind
        actor = alarm.actor
        victim = alarm.victim
        categories = alarm.categories
        reason = alarm.reason
        until = alarm.until
        seenAt = alarm.seenAt
    }
}
