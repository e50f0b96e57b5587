package import CareChain
package import Ledger

extension APIClient {
    /// Takes a request in.
    package func add(_ request: NewRequest, key: String?) async throws -> RequestStep {
        try await post(["requests"], RequestMaking(request), key: key)
    }

    /// Submits a draft.
    package func submit(_ request: RequestID, key: String?) async throws -> RequestStep {
        try await post(["requests", request.text, "submit"], key: key)
    }

    /// Takes a request back.
    package func withdraw(_ request: RequestID, reason: String, key: String?) async throws -> RequestStep {
        try await post(["requests", request.text, "withdraw"], Reason(reason: reason), key: key)
    }

    /// Records steps on the way out.
    package func recordOutflow(of request: RequestID, _ steps: OutflowSteps, key: String?) async throws -> RequestStep {
        try await post(["requests", request.text, "ready"], OutflowBody(steps), key: key)
    }

    /// The bed-days on which somebody who was ready to leave could not, by what blocked.
    package func blockedBedDays() async throws -> [BlockedBedDaysBody.Cause] {
        let told: BlockedBedDaysBody = try await get(["blocked-bed-days"])
        return told.items
    }

    /// A request with what has come of it.
    package func request(_ request: RequestID) async throws -> RequestDetail {
        try await get(["requests", request.text])
    }

    /// Requests, the most urgent first.
    package func requests(in states: [RequestState], overdueOnly: Bool) async throws -> [RequestBody] {
        try await list(
            ["requests"],
            [
                ("state", states.isEmpty ? nil : states.map(\.rawValue).joined(separator: ",")),
                ("overdue", overdueOnly ? "true" : nil),
            ])
    }

    /// Who is where.
    package func placements() async throws -> [StayBody] { try await list(["placements"]) }

    /// Units for somebody, those that are free and suitable first, with why the others are not.
    package func find(
        for seeker: Seeker, over days: Range<CalendarDate>?, near: RegionID?, alsoUnsuitable: Bool
    ) async throws -> [FoundBed] {
        try await pages {
            try await ask(
                ["bed-search"], BedSearch(seeker, over: days, near: near, unsuitable: alsoUnsuitable, after: $0))
        }
    }
}

extension RequestMaking {
    fileprivate init(_ request: NewRequest) {
        let new = Set(request.newVictims.map(\.victim.id))
        id = request.id.text
        victims = request.victims.filter { !new.contains($0) }.map(\.text)
        newVictims = request.newVictims.map(VictimMaking.init)
        together = request.together
        urgency = request.urgency
        neededFrom = request.neededFrom
        latestStart = request.latestStart
        stayDays = request.stayDays
        region = request.region?.text
        preferredRegion = request.preferredRegion?.text
        referredBy = request.referredBy?.description
        draft = request.draft
    }
}

extension VictimMaking {
    fileprivate init(_ new: NewVictim) {
        id = new.victim.id.text
        profile = BedSearch.Profile(new.victim)
        registeredIn = new.victim.registeredIn?.text
        guardian = new.guardian
        courtOrderUntil = new.courtOrderUntil
    }
}

extension BedSearch {
    fileprivate init(
        _ seeker: Seeker, over days: Range<CalendarDate>?, near: RegionID?, unsuitable: Bool, after cursor: String?
    ) {
        switch seeker {
        case .request(let id):
            request = id.text
            victims = nil
        case .profiles(let people):
            request = nil
            victims = people.map(Profile.init)
        }
        from = days?.lowerBound
        until = days?.upperBound
        self.near = near?.text
        self.unsuitable = unsuitable
        limit = 200
        self.cursor = cursor
    }
}

extension BedSearch.Profile {
    fileprivate init(_ victim: Victim) {
        sex = victim.sex
        birthDate = victim.birthDate
        phase = victim.phases[0]
        needs = victim.needs
        minSecurity = victim.security.lowerBound
        maxSecurity = victim.security.upperBound
        avoidRegions = victim.avoid.regions.map(\.text)
        avoidShelters = victim.avoid.shelters.map(\.text)
        investigationRegion = victim.investigation?.region.text
        maxTravelMinutes = victim.investigation?.maxTravelMinutes
    }
}

extension OutflowBody {
    fileprivate init(_ steps: OutflowSteps) {
        readySince = steps.readySince
        passReceived = steps.passReceived
        registered = steps.registered
        houseFound = steps.houseFound
        blockedBy = steps.blockedBy
        unblocked = steps.unblocked
    }
}
