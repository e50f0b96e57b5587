import CareChain
import HTTPTypes
import Ledger

extension Operation {
    /// Which coordinator covers what, who is away, and where nobody is on duty.
    static var coverages: [Operation] {
        [
            Operation(
                .get, "/v1/coverages", id: "listCoverages", scope: "coverage:read", query: CoverageQuery.self,
                content: PageBody<CoverageBody>.self
            ) { call in
                let filter = CoverageFilter(
                    region: call.query.region.map { RegionID($0) }, function: call.query.function,
                    coordinator: call.query.coordinator)
                let found = try await call.ledger.coverages(filter, call.query.page(), as: .actor(call.actor))
                return Answer(PageBody(found, CoverageBody.init))
            },
            Operation(
                .post, "/v1/coverages", id: "addCoverage", scope: "coverage:write", body: NewCoverage.self,
                content: AddedCoverage.self, success: .created, takesKey: true
            ) { call in
                Answer(
                    AddedCoverage(id: try await call.ledger.add(call.body.coverage(), by: call.actor, key: call.key)))
            },
            Operation(
                .put, "/v1/coverages/{id}/end", id: "endCoverage", scope: "coverage:write", body: CoverageEnd.self,
                content: CoverageEnd.self, takesKey: true, needsVersion: true
            ) { call in
                let id = try call.number("id")
                try await call.ledger(expecting: .coverage(id)).end(
                    coverage: id, on: call.body.on, by: call.actor, key: call.key)
                return Answer(call.body)
            },
            Operation(
                .post, "/v1/absences", id: "addAbsence", scope: "coverage:write", body: AbsenceBody.self,
                content: AbsenceBody.self, success: .created, takesKey: true
            ) { call in
                let absence = call.body
                guard absence.from < absence.until else {
                    throw Problem.invalid(
                        "/until", english: "until must be after from", dutch: "until moet na from zijn")
                }
                try await call.ledger.addAbsence(
                    of: absence.coordinator, from: absence.from, until: absence.until, by: call.actor, key: call.key)
                return Answer(absence)
            },
            Operation(
                .get, "/v1/absences", id: "listAbsences", scope: "coverage:read", query: AbsenceQuery.self,
                content: PageBody<AbsenceBody>.self
            ) { call in
                let found = try await call.ledger.absences(
                    of: call.query.coordinator, call.query.page(), as: .actor(call.actor))
                return Answer(PageBody(found, AbsenceBody.init))
            },
            Operation(
                .delete, "/v1/absences/{coordinator}/{from}", id: "cancelAbsence", scope: "coverage:write",
                content: CancelledAbsence.self, takesKey: true
            ) { call in
                let coordinator = try call.path("coordinator")
                guard let from = CalendarDate(try call.path("from")) else { throw Problem(.notFound) }
                try await call.ledger.cancelAbsence(of: coordinator, from: from, by: call.actor, key: call.key)
                return Answer(CancelledAbsence(coordinator: coordinator, from: from))
            },
            Operation(
                .get, "/v1/coverage-gaps", id: "listCoverageGaps", scope: "coverage:read", query: GapsQuery.self,
                content: GapsBody.self
            ) { call in
                let (days, acting) = (try call.query.days(), Acting.actor(try call.actor))
                let function = call.query.function ?? .care
                let gaps = try await call.ledger.coverageGaps(
                    function, from: days.lowerBound, until: days.upperBound, as: acting)
                let overlaps = try await call.ledger.coverageOverlaps(
                    from: days.lowerBound, until: days.upperBound, as: acting)
                return Answer(GapsBody(gaps, overlaps.filter { $0.function == function }))
            },
        ]
    }
}

struct CoverageQuery: Codable, Sendable, PageQuery {
    let region: String?
    let function: CoverageFunction?
    let coordinator: String?
    let limit: Int?
    let cursor: String?
}

struct CoverageBody: Codable, Sendable {
    let id: Int
    let version: String
    let region: String
    let function: CoverageFunction
    let coordinator: String
    let minAge: Int
    let maxAge: Int
    let from: CalendarDate
    let until: CalendarDate?
    let standIn: Bool
    let onDuty: Bool

    init(_ kept: KeptCoverage) {
        id = kept.id
        version = Version(kept.version).tag
        region = kept.coverage.region.text
        function = kept.coverage.function
        coordinator = kept.coverage.coordinator
        minAge = kept.coverage.ages.lowerBound
        maxAge = kept.coverage.ages.upperBound - 1
        from = kept.coverage.from
        until = kept.coverage.until
        standIn = kept.coverage.standIn
        onDuty = kept.isOnDuty
    }
}

struct NewCoverage: Codable, Sendable {
    let region: String
    let function: CoverageFunction?
    let coordinator: String
    let minAge: Int?
    let maxAge: Int?
    let from: CalendarDate
    let until: CalendarDate?
    let standIn: Bool?

    /// - Throws: ``Problem`` with the field.
    func coverage() throws(Problem) -> Coverage {
        let (youngest, oldest) = (minAge ?? 0, maxAge ?? 150)
        guard 0 <= youngest, youngest <= oldest, oldest <= 150 else {
            throw .invalid(
                "/maxAge", english: "ages ascend within 0 to 150", dutch: "leeftijden lopen op binnen 0 tot 150")
        }
        if let until, from >= until {
            throw .invalid("/until", english: "until must be after from", dutch: "until moet na from zijn")
        }
        return Coverage(
            region: RegionID(region), function: function ?? .care, coordinator: coordinator,
            ages: youngest..<(oldest + 1), from: from, until: until, standIn: standIn ?? false)
    }
}

struct AddedCoverage: Codable, Sendable {
    let id: Int
}

/// The first day on which a coverage holds no longer.
struct CoverageEnd: Codable, Sendable {
    let on: CalendarDate
}

/// The days on which a coordinator is away.
struct AbsenceBody: Codable, Sendable {
    let coordinator: String
    let from: CalendarDate
    let until: CalendarDate
}

extension AbsenceBody {
    init(_ absence: Absence) {
        self.init(coordinator: absence.coordinator, from: absence.from, until: absence.until)
    }
}

struct AbsenceQuery: Codable, Sendable, PageQuery {
    let coordinator: String?
    let limit: Int?
    let cursor: String?
}

/// The absence that was taken back.
struct CancelledAbsence: Codable, Sendable {
    let coordinator: String
    let from: CalendarDate
}

struct GapsQuery: Codable, Sendable {
    let from: CalendarDate
    let until: CalendarDate
    let function: CoverageFunction?

    /// - Throws: `badParameter`
    func days() throws(Problem) -> Range<CalendarDate> {
        guard from < until, from.days(to: until) <= 3660 else {
            throw Problem(
                .badParameter, english: "until is after from, at most 3660 days",
                dutch: "until is na from, hoogstens 3660 dagen", parameter: "until")
        }
        return from..<until
    }
}

/// Where nobody is on duty, and where two are.
struct GapsBody: Codable, Sendable {
    struct Gap: Codable, Sendable {
        let region: String
        let minAge: Int
        let maxAge: Int
        let from: CalendarDate
        let until: CalendarDate
    }

    struct Overlap: Codable, Sendable {
        let region: String
        let coordinators: [String]
        let minAge: Int
        let maxAge: Int
        let from: CalendarDate
        let until: CalendarDate
    }

    let gaps: [Gap]
    let overlaps: [Overlap]

    init(_ gaps: [CoverageGap], _ overlaps: [CoverageOverlap]) {
        self.gaps = gaps.map {
            Gap(
                region: $0.region.text, minAge: $0.ages.lowerBound, maxAge: $0.ages.upperBound - 1, from: $0.from,
                until: $0.until)
        }
        self.overlaps = overlaps.map {
            Overlap(
                region: $0.region.text, coordinators: $0.coordinators, minAge: $0.ages.lowerBound,
                maxAge: $0.ages.upperBound - 1, from: $0.from, until: $0.until)
        }
    }
}
