import CareChain
package import Foundation
import HTTPTypes
import Ledger

extension Operation {
    /// What beds there are, by whom it was counted and when.
    static var capacity: [Operation] {
        [
            Operation(
                .get, "/v1/capacity", id: "listCapacity", scope: "capacity:read", query: CapacityQuery.self,
                content: PageBody<CapacityBody>.self
            ) { call in
                let filter = CapacityFilter(
                    staleOnly: call.query.stale ?? false, shelter: call.query.shelter.map { ShelterID($0) })
                return Answer(
                    PageBody(
                        try await call.ledger.capacity(filter, call.query.page(), as: call.actor), CapacityBody.init))
            },
            Operation(
                .get, "/v1/units/{id}/capacity", id: "getCapacity", scope: "capacity:read", content: CapacityBody.self,
                problems: [.notAllowed]
            ) { call in
                let capacity = try await call.ledger.capacity(of: UnitID(call.path("id")), as: call.actor)
                return Answer(CapacityBody(capacity), version: Version(capacity.version))
            },
            Operation(
                .put, "/v1/units/{id}/capacity", id: "putCapacity", scope: "capacity:write", body: CapacityCount.self,
                content: CapacityBody.self, takesKey: true, needsVersion: true
            ) { call in
                let unit = UnitID(try call.path("id"))
                let report = try call.body.report(of: unit, key: call.keyOrNew())
                _ = try await call.ledger(expecting: .unit(unit)).report([report], by: call.actor, key: call.key)
                let capacity = try await call.ledger.capacity(of: unit, as: call.actor)
                return Answer(CapacityBody(capacity), version: Version(capacity.version))
            },
            Operation(
                .put, "/v1/units/{id}/report-limit", id: "putReportLimit", scope: "capacity:write",
                body: ReportLimitBody.self, content: CapacityBody.self, takesKey: true, needsVersion: true
            ) { call in
                let unit = UnitID(try call.path("id"))
                let limit = try call.body.reportLimit()
                try await call.ledger(expecting: .unit(unit)).limitReports(
                    of: unit, to: limit, by: call.actor, key: call.key)
                let capacity = try await call.ledger.capacity(of: unit, as: call.actor)
                return Answer(CapacityBody(capacity), version: Version(capacity.version))
            },
            Operation(
                .post, "/v1/capacity-reports", id: "reportCapacity", scope: "capacity:write",
                body: CapacityReports.self, content: CapacityResults.self, takesKey: true, problems: [.notFound]
            ) { call in
                let reports = try call.body.ledgerReports(key: call.keyOrNew())
                do {
                    let outcomes = try await call.ledger.report(reports, by: call.actor, key: call.key)
                    return Answer(CapacityResults(reports, outcomes))
                } catch {
                    throw Problem(error).under("/reports")
                }
            },
        ]
    }
}

struct CapacityQuery: Codable, Sendable, PageQuery {
    let shelter: String?
    let stale: Bool?
    let limit: Int?
    let cursor: String?
}

/// A count of a unit's beds.
struct CapacityCount: Codable, Sendable {
    let kind: CapacityReport.Kind
    let number: Int
    let from: CalendarDate?
    let until: CalendarDate?
    let reason: String
    let observedAt: Date?

    /// - Throws: ``Problem`` with the field.
    func report(of unit: UnitID, key: String, at pointer: String = "") throws(Problem) -> CapacityReport {
        guard (0...1_000_000_000).contains(number) else {
            throw .invalid(
                pointer + "/number", english: "a number of beds is 0 or more", dutch: "een aantal bedden is 0 of meer")
        }
        if let from, let until, from >= until {
            throw .invalid(pointer + "/until", english: "until must be after from", dutch: "until moet na from zijn")
        }
        return CapacityReport(
            unit: unit, kind: kind, number: number, from: from, until: until, reason: reason, observedAt: observedAt,
            key: key)
    }
}

/// How old a unit's last report may be.
struct ReportLimitBody: Codable, Sendable {
    enum Limit: String, Codable, Sendable, CaseIterable {
        case hours
        case country
        case none
    }

    let limit: Limit
    let hours: Int?

    init(_ limit: ReportLimit) {
        switch limit {
        case .hours(let hours): (self.limit, self.hours) = (.hours, hours)
        case .country: (self.limit, hours) = (.country, nil)
        case .none: (self.limit, hours) = (.none, nil)
        }
    }

    /// - Throws: ``Problem`` with the field.
    func reportLimit() throws(Problem) -> ReportLimit {
        switch (limit, hours) {
        case (.hours, .some(let hours)) where ReportLimit.possibleHours.contains(hours): return .hours(hours)
        case (.country, nil): return .country
        case (.none, nil): return .none
        case (.hours, _):
            throw .invalid(
                "/hours", english: "say how many hours: 1 to 8760", dutch: "zeg hoeveel uren: 1 tot 8760")
        default:
            throw .invalid(
                "/hours", english: "hours are said for the limit hours only",
                dutch: "uren worden alleen bij de grens hours gegeven")
        }
    }
}

/// Counts of several units, taken in all or none.
struct CapacityReports: Codable, Sendable {
    struct Line: Codable, Sendable {
        let unit: String
        let kind: CapacityReport.Kind
        let number: Int
        let from: CalendarDate?
        let until: CalendarDate?
        let reason: String
        let observedAt: Date?
        let key: String?
    }

    let reports: [Line]

    /// - Parameter key: The call's, from which those of lines without one are made.
    /// - Throws: ``Problem`` with all lines that are wrong.
    func ledgerReports(key: String) throws(Problem) -> [CapacityReport] {
        guard (1...1000).contains(reports.count) else {
            throw .invalid("/reports", english: "there are 1 to 1000 reports", dutch: "er zijn 1 tot 1000 meldingen")
        }
        var found: [CapacityReport] = []
        var faults: [Problem.Fault] = []
        for (index, line) in reports.enumerated() {
            do {
                let count = CapacityCount(
                    kind: line.kind, number: line.number, from: line.from, until: line.until, reason: line.reason,
                    observedAt: line.observedAt)
                found.append(
                    try count.report(
                        of: UnitID(line.unit), key: line.key ?? "\(key)/\(index)", at: "/reports/\(index)"))
            } catch {
                faults.append(
                    Problem.Fault(code: error.code, pointer: error.pointer, detail: error.detail))
            }
        }
        if let problem = Problem(faults) { throw problem }
        return found
    }
}

/// What came of each report, in their order.
package struct CapacityResults: Codable, Sendable {
    package struct Line: Codable, Sendable {
        package let unit: String
        package let report: Int
        package let beds: Int
        package let excess: Int
        package let late: Bool
    }

    package let results: [Line]

    init(_ reports: [CapacityReport], _ outcomes: [ReportOutcome]) {
        results = zip(reports, outcomes).map { report, outcome in
            Line(
                unit: report.unit.text, report: outcome.report, beds: outcome.beds, excess: outcome.excess,
                late: outcome.late)
        }
    }
}

package struct CapacityBody: Codable, Sendable {
    package let unit: String
    package let shelter: String
    package let beds: Int
    package let taken: Int
    package let held: Int
    package let excess: Int
    package let observedAt: Date?
    package let ageHours: Double?
    package let limitHours: Double?
    package let stale: Bool

    init(_ capacity: UnitCapacity) {
        unit = capacity.unit
        shelter = capacity.shelter
        beds = capacity.beds
        taken = capacity.taken
        held = capacity.held
        excess = capacity.excess
        observedAt = capacity.observedAt
        ageHours = capacity.ageHours
        limitHours = capacity.limitHours
        stale = capacity.stale
    }
}
