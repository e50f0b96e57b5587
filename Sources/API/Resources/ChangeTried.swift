import CareChain
import Ledger
import Planning

/// One thing to be decided otherwise; which fields there are, its kind says.
struct ChangeTried: Codable, Sendable {
    enum Kind: String, Codable, Sendable, CaseIterable {
        case bed, wait, need, travel, security, avoid
        case contact = "no-contact"
    }

    let kind: Kind
    let unit: String?
    let from: CalendarDate?
    let until: CalendarDate?
    let latestStart: CalendarDate?
    let service: String?
    let level: Int?
    let region: String?
    let shelter: String?
    let victims: [String]?

    /// The change of a request.
    ///
    /// - Throws: ``Problem`` with the field that is missing, too much or cannot be right.
    func change(of id: RequestID, in basis: RunBasis) throws(Problem) -> Change {
        guard let place = basis.instance.requestIndex[id] else { throw Problem(.notFound) }
        let request = basis.instance.requests[place]
        try checkFields()
        switch kind {
        case .bed: return try bed(basis.instance)
        case .wait:
            let latest = basis.instance.horizon.day(of: try given(latestStart, "/latestStart"))
            guard latest > request.latestStart, basis.instance.horizon.range.contains(latest) else {
                throw .invalid(
                    "/latestStart", english: "it is later than the request's, and within the days of the run",
                    dutch: "deze is later dan die van het verzoek, en binnen de dagen van het plan")
            }
            return .wait(id, latestStart: latest, daysLonger: latest - request.latestStart)
        case .need: return .need(try given(service, "/service"), try chosen(request, basis))
        case .travel: return .travel(minutes: Self.anyJourney, try chosen(request, basis))
        case .security:
            let level = try given(level, "/level")
            guard (1...4).contains(level) else {
                throw .invalid("/level", english: "a level is 1 to 4", dutch: "een niveau is 1 tot 4")
            }
            return .security(level: level, try chosen(request, basis))
        case .avoid:
            let victims = try chosen(request, basis)
            switch (region, shelter) {
            case (let region?, nil): return .region(RegionID(region), victims)
            case (nil, let shelter?): return .shelter(ShelterID(shelter), victims)
            default:
                throw .invalid(
                    "/region", english: "give either region or shelter", dutch: "geef region of shelter, niet beide")
            }
        case .contact:
            let pair = try given(victims, "/victims").map { VictimID($0) }
            let isForbidden = basis.instance.noContact.contains { Set(pair) == [$0.a, $0.b] }
            guard pair.count == 2, isForbidden, pair.allSatisfy(ExplanationView(basis, in: .english).isVisible),
                !Set(pair).isDisjoint(with: request.victims)
            else {
                throw .invalid(
                    "/victims", english: "two of whom one is the request's, who must not meet",
                    dutch: "twee die elkaar niet mogen ontmoeten, van wie een van het verzoek")
            }
            return .contact(pair[0], pair[1])
        }
    }

    /// Longer than any journey takes, in minutes: how far away an investigation is would show in a limit that is tried.
    private static let anyJourney = 1_000_000

    private func bed(_ instance: Instance) throws(Problem) -> Change {
        let unit = UnitID(try given(unit, "/unit"))
        guard instance.unitIndex[unit] != nil else {
            throw .invalid("/unit", english: "the run has no such unit", dutch: "het plan heeft die afdeling niet")
        }
        let range = instance.horizon.range
        let first = instance.horizon.day(of: try given(from, "/from"))
        let end = instance.horizon.day(of: try given(until, "/until"))
        guard range.lowerBound <= first, first < end, end <= range.upperBound else {
            throw .invalid(
                "/until", english: "until is after from, both within the days of the run",
                dutch: "until is na from, beide binnen de dagen van het plan")
        }
        return .bed(unit, days: first..<end)
    }

    /// The victims whom it is about: the request's, or those of them who are named.
    private func chosen(_ request: Request, _ basis: RunBasis) throws(Problem) -> [VictimID] {
        guard let victims else { return request.victims }
        let named = victims.map { VictimID($0) }
        guard !named.isEmpty, Set(named).isSubset(of: request.victims) else {
            throw .invalid(
                "/victims", english: "they are victims of the request", dutch: "dit zijn slachtoffers van het verzoek")
        }
        return request.victims.filter(named.contains)
    }

    private func given<Value>(_ value: Value?, _ pointer: String) throws(Problem) -> Value {
        guard let value else { throw Problem(.missingField, pointer: pointer) }
        return value
    }

    /// Refuses what another kind of change is told with.
    private func checkFields() throws(Problem) {
        let fields: Set<String> =
            switch kind {
            case .bed: ["unit", "from", "until"]
            case .wait: ["latestStart"]
            case .need: ["service", "victims"]
            case .travel, .contact: ["victims"]
            case .security: ["level", "victims"]
            case .avoid: ["region", "shelter", "victims"]
            }
        let given: [(String, Bool)] = [
            ("unit", unit != nil), ("from", from != nil), ("until", until != nil),
            ("latestStart", latestStart != nil), ("service", service != nil), ("level", level != nil),
            ("region", region != nil), ("shelter", shelter != nil), ("victims", victims != nil),
        ]
        if let (name, _) = given.first(where: { $0.1 && !fields.contains($0.0) }) {
            throw Problem(
                .unknownField, english: "a change of this kind has no such field",
                dutch: "een wijziging van deze soort heeft dit veld niet", pointer: "/\(name)")
        }
    }
}
