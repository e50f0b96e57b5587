import CareChain

extension VictimRow {
    /// The victim as seen from a day, from which on the days of its phases count.
    ///
    /// - Parameters:
    ///   - day: The day.
    ///   - registrationDay: The day of which the registration counts; `day` when left out.
    ///   - paidDays: Days paid before `day`.
    /// - Throws: ``LedgerError/incomplete(_:)`` when nothing is known of the phase or the birth date is none.
    func victim(
        from day: Int = 0, registeredOn registrationDay: Int? = nil, paidDays: [PaidDays] = []
    ) throws(LedgerError) -> Victim {
        guard let phases = StepFunction(asOfDayZero: phases.map { ($0.day - day, $0.phase) }) else {
            throw .incomplete(
                english: "victim \"\(id)\" has no phase: record one from the first day on which it is known",
                dutch: "slachtoffer \"\(id)\" heeft geen fase: leg er een vast vanaf de eerste dag waarop zij bekend is"
            )
        }
        guard let birthDate = CalendarDate(birthDate) else {
            throw .incomplete(
                english: "the birth date of victim \"\(id)\" is not in the years 1 to 9999",
                dutch: "de geboortedatum van slachtoffer \"\(id)\" ligt niet in de jaren 1 tot 9999")
        }
        return Victim(
            id: VictimID(id), sex: sex, birthDate: birthDate, phases: phases,
            registeredIn: registration(on: registrationDay ?? day), needs: needs, security: securityMin...securityMax,
            avoid: Avoidance(
                regions: avoidedRegions.map { RegionID($0) }, shelters: avoidedShelters.map { ShelterID($0) }),
            investigation: investigationRegion.map {
                Investigation(region: RegionID($0), maxTravelMinutes: maxTravelMinutes)
            },
            paidDays: paidDays)
    }

    private func registration(on day: Int) -> RegionID? {
        registrations.first { ($0.from ?? .min) <= day && day < ($0.until ?? .max) }.map { RegionID($0.region) }
    }

    /// The days within a range cut where the registration changes, in order.
    func registrationPeriods(within days: Range<Int>) -> [Range<Int>] {
        let changes = registrations.flatMap { [$0.from, $0.until] }.compactMap(\.self).filter { days.contains($0) }
        let bounds = Set(changes + [days.lowerBound, days.upperBound]).sorted()
        return zip(bounds, bounds.dropFirst()).map { $0..<$1 }
    }
}
