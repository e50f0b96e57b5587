import CareChain
package import Foundation
import HTTPTypes
import Ledger

extension Operation {
    /// Beds that are free and suitable, with why the others are not.
    static var bedSearch: [Operation] {
        [
            Operation(
                .post, "/v1/bed-search", id: "searchBeds", scope: "beds:read", body: BedSearch.self,
                content: PageBody<FoundBed>.self, problems: [.notAllowed, .notFound]
            ) { call in
                let (seeker, days, page) = (try call.body.seeker(), try call.body.days(), try call.body.bodyPage())
                do {
                    let found = try await call.ledger.find(
                        for: seeker, over: days, near: call.body.near.map { RegionID($0) },
                        suitableOnly: !(call.body.unsuitable ?? true), page, as: call.actor)
                    return Answer(PageBody(found) { FoundBed($0, in: call.language) })
                } catch LedgerError.invalid(let english, let dutch) where page.after != nil {
                    // Of another list: all else that could be invalid was looked at above.
                    throw Problem(.refused, english: english, dutch: dutch, pointer: "/cursor")
                }
            }
        ]
    }
}

struct BedSearch: Codable, Sendable, PageQuery {
    struct Profile: Codable, Sendable {
        let sex: Sex
        let birthDate: CalendarDate
        let phase: Phase
        let needs: [String]?
        let minSecurity: Int?
        let maxSecurity: Int?
        let avoidRegions: [String]?
        let avoidShelters: [String]?
        let investigationRegion: String?
        let maxTravelMinutes: Int?
    }

    let request: String?
    let victims: [Profile]?
    let from: CalendarDate?
    let until: CalendarDate?
    let near: String?
    let unsuitable: Bool?
    let limit: Int?
    let cursor: String?

    /// - Throws: ``Problem`` with the field.
    func seeker() throws(Problem) -> Seeker {
        switch (request, victims) {
        case (let request?, nil): return .request(RequestID(request))
        case (nil, let victims?) where (1...50).contains(victims.count):
            if from == nil {
                throw .invalid(
                    "/from", english: "people without a request need days", dutch: "zonder verzoek zijn er dagen nodig")
            }
            var seekers: [Victim] = []
            for (index, profile) in victims.enumerated() {
                seekers.append(try profile.victim(VictimID("\(index)"), at: "/victims/\(index)"))
            }
            return .profiles(seekers)
        default:
            throw .invalid(
                "/request", english: "give either a request or 1 to 50 victims",
                dutch: "geef óf een verzoek óf 1 tot 50 slachtoffers")
        }
    }

    /// The page that is asked for, in fields of the body here.
    ///
    /// - Throws: ``Problem`` with the field.
    func bodyPage() throws(Problem) -> PageRequest {
        do {
            return try page()
        } catch {
            throw .invalid(
                "/" + (error.parameter ?? "cursor"), english: error.detail.english, dutch: error.detail.dutch)
        }
    }

    /// - Throws: ``Problem`` with the field.
    func days() throws(Problem) -> Range<CalendarDate>? {
        switch (from, until) {
        case (nil, nil): return nil
        case (let from?, let until?) where from < until: return from..<until
        default:
            throw .invalid(
                "/until", english: "from and until go together, and from is before until",
                dutch: "from en until horen bij elkaar, en from is voor until")
        }
    }
}

extension BedSearch.Profile {
    /// The victim that it describes.
    ///
    /// - Throws: ``Problem`` with the field.
    func victim(
        _ id: VictimID, registeredIn region: RegionID? = nil, at pointer: String
    ) throws(Problem) -> Victim {
        let (least, greatest) = (minSecurity ?? 1, maxSecurity ?? 4)
        guard (1...4).contains(least), (least...4).contains(greatest) else {
            throw .invalid(
                pointer + "/maxSecurity", english: "security levels are an ascending range within 1 to 4",
                dutch: "beveiligingsniveaus lopen op binnen 1 tot 4")
        }
        if let maxTravelMinutes, !(0...1_000_000_000).contains(maxTravelMinutes) {
            throw .invalid(
                pointer + "/maxTravelMinutes", english: "minutes are 0 or more", dutch: "minuten zijn 0 of meer")
        }
        return Victim(
            id: id, sex: sex, birthDate: birthDate, phases: StepFunction(constant: phase), registeredIn: region,
            needs: needs ?? [], security: least...greatest,
            avoid: Avoidance(
                regions: (avoidRegions ?? []).map { RegionID($0) },
                shelters: (avoidShelters ?? []).map { ShelterID($0) }),
            investigation: investigationRegion.map {
                Investigation(region: RegionID($0), maxTravelMinutes: maxTravelMinutes)
            })
    }
}

/// A unit, as somebody sees it who looks for beds.
package struct FoundBed: Codable, Sendable {
    /// A rule for which a unit cannot be.
    package struct Reason: Codable, Sendable {
        package let rule: String
        package let sentence: String

        init(_ code: String, in language: Language) {
            rule = code
            sentence = allRules.first { $0.code.rawValue == code }?.sentence.in(language) ?? code
        }
    }

    package let unit: String
    package let shelter: String
    package let region: String
    package let bedType: String
    package let free: Int
    package let minutes: Int?
    package let suitable: Bool
    package let reasons: [Reason]
    package let observedAt: Date?
    package let ageHours: Double?
    package let stale: Bool

    init(_ found: FoundUnit, in language: Language) {
        unit = found.unit
        shelter = found.shelter
        region = found.region
        bedType = found.bedType
        free = found.free
        minutes = found.minutes
        suitable = found.isSuitable
        reasons = found.reasons.map { Reason($0, in: language) }
        observedAt = found.observedAt
        ageHours = found.ageHours
        stale = found.stale
    }
}
