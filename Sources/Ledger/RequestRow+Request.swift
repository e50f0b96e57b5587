import CareChain

extension RequestRow {
    /// The request as seen from day 0: placed (`current`), agreed on (`committed`), or open.
    ///
    /// - Throws: ``LedgerError/unevenStays(request:)`` when only some of its victims have a place.
    func request(horizonDays: Int) throws(LedgerError) -> Request {
        let here = stays.filter(\.isUnderWay)
        let ahead = stays.filter { !$0.isUnderWay && $0.until > 0 }
        // Whoever had stays and has none left has gone; the others of the request may still be there.
        let gone = Set(stays.map(\.victim)).subtracting(here.map(\.victim)).subtracting(ahead.map(\.victim))
        let members = victims.filter { !gone.contains($0) }
        let placed = here.isEmpty ? ahead : here
        if !placed.isEmpty, Set(placed.map(\.victim)) != Set(members) {
            throw .unevenStays(request: RequestID(id))
        }
        if !here.isEmpty { return current(members, here: here, ahead: ahead, horizonDays: horizonDays) }
        let needed = min(max(0, neededFrom), horizonDays - 1)
        return Request(
            id: RequestID(id), victims: members.map { VictimID($0) }, together: together,
            knownFrom: Day(min(max(0, knownFrom), needed)), neededFrom: Day(needed),
            latestStart: Day(min(max(needed, latestStart), horizonDays - 1)), stayDays: stayDays, urgency: urgency,
            preferredRegion: preferredRegion.map { RegionID($0) },
            committed: ahead.isEmpty
                ? nil
                : ahead.filter { $0.from < horizonDays }.map { stay in
                    CommittedStay(
                        victim: VictimID(stay.victim), unit: UnitID(stay.unit),
                        days: Day(stay.from)..<Day(min(stay.until, horizonDays)))
                })
    }

    private func current(
        _ members: [String], here: [StayRow], ahead: [StayRow], horizonDays: Int
    ) -> Request {
        let nextMove = ahead.map(\.from).min()
        return Request(
            id: RequestID(id), victims: members.map { VictimID($0) }, together: together, knownFrom: 0, neededFrom: 0,
            latestStart: Day(min(max(0, latestStart), horizonDays - 1)),
            stayDays: (here + ahead).map(\.until).max() ?? stayDays, urgency: urgency,
            preferredRegion: preferredRegion.map { RegionID($0) },
            current: here.map { stay in
                CurrentStay(
                    victim: VictimID(stay.victim), unit: UnitID(stay.unit), days: -stay.from,
                    movesMade: stay.movesMade)
            },
            noMoveBefore: Day(max(0, noMoveBefore ?? 0, nextMove ?? 0)),
            locked: !transferWanted && nextMove == nil)
    }
}

extension StayRow {
    /// Whether the victim is there when day 0 begins. Of a stay that begins on that very day it is what people said
    /// (`arrived`), except that a further leg is taken to have begun.
    var isUnderWay: Bool {
        until > 0 && (from < 0 || from == 0 && (arrived || movesMade > 0))
    }
}
