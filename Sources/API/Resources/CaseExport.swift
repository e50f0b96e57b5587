import CareChain
import Foundation
import Ledger

/// What is told of a case (``Ledger/Ledger/export(case:as:keys:)``, which writes it): a section for each table with rows
/// about the victim. What a row does not say is left out.
struct CaseExport: Codable, Sendable {
    let format: String
    let victim: [VictimRow]
    let request: [RequestRow]
    let audit: [AuditRow]
    let confidential: Confidential
    let avoidedRegions: [AvoidedRegion]?
    let avoidedShelters: [AvoidedShelter]?
    let courtOrders: [CourtOrder]?
    let guardianships: [Guardianship]?
    let needs: [Need]?
    let phases: [PhaseRow]?
    let registrations: [Registration]?
    let requestVictims: [RequestVictim]?
    let stays: [StayRow]?
    let offerStays: [OfferStay]?
    let proposalStays: [ProposalStay]?
    let paidDays: [PaidDays]?
    let legalBases: [LegalBasisRow]?
    let openings: [BreakGlass]?

    enum CodingKeys: String, CodingKey {
        case format, victim, request, audit, confidential
        case avoidedRegions = "avoided_region"
        case avoidedShelters = "avoided_shelter"
        case courtOrders = "court_order"
        case guardianships = "guardianship"
        case needs = "victim_need"
        case phases = "victim_phase"
        case registrations = "victim_registration"
        case requestVictims = "request_victim"
        case stays = "stay"
        case offerStays = "offer_stay"
        case proposalStays = "proposal_stay"
        case paidDays = "paid_days"
        case legalBases = "access.legal_basis"
        case openings = "access.break_glass"
    }

    struct VictimRow: Codable, Sendable {
        let id: String
        let sex: Sex
        let birthDate: CalendarDate
        let securityMin: Int
        let securityMax: Int
        let payersFrom: CalendarDate
        let region: String?

        enum CodingKeys: String, CodingKey {
            case id, sex, region
            case birthDate = "birth_date"
            case securityMin = "security_min"
            case securityMax = "security_max"
            case payersFrom = "payers_from"
        }
    }

    struct RequestRow: Codable, Sendable {
        let id: String
        let version: Int
        let together: Together
        let urgency: Urgency
        let knownFrom: CalendarDate
        let neededFrom: CalendarDate
        let latestStart: CalendarDate
        let stayDays: Int
        let preferredRegion: String?
        let noMoveBefore: CalendarDate?
        let transferWanted: Bool
        let state: RequestState
        let stateSince: Date
        let stateReason: String?
        let submittedAt: Date?
        let region: String?
        let referredBy: String?
        let night: Bool

        enum CodingKeys: String, CodingKey {
            case id, version, together, urgency, state, region, night
            case knownFrom = "known_from"
            case neededFrom = "needed_from"
            case latestStart = "latest_start"
            case stayDays = "stay_days"
            case preferredRegion = "preferred_region"
            case noMoveBefore = "no_move_before"
            case transferWanted = "transfer_wanted"
            case stateSince = "state_since"
            case stateReason = "state_reason"
            case submittedAt = "submitted_at"
            case referredBy = "referred_by"
        }
    }

    struct AuditRow: Codable, Sendable {
        let at: Date
        let actor: String
        let action: String
        let relation: String
        let fields: [String]
    }

    /// What is confidential, opened; a category is left out that is not the caller's to see.
    struct Confidential: Codable, Sendable {
        let identity: [OpenedField]?
        let health: [OpenedField]?
    }

    struct OpenedField: Codable, Sendable {
        let field: String
        let text: String
        let reportedBy: String
    }

    struct AvoidedRegion: Codable, Sendable {
        let victim: String
        let region: String
        let days: String
    }

    struct AvoidedShelter: Codable, Sendable {
        let victim: String
        let shelter: String
        let days: String
    }

    struct CourtOrder: Codable, Sendable {
        let victim: String
        let days: String
    }

    struct Guardianship: Codable, Sendable {
        let victim: String
        let guardian: String
        let days: String
    }

    struct Need: Codable, Sendable {
        let victim: String
        let service: String
    }

    struct PhaseRow: Codable, Sendable {
        let victim: String
        let fromDate: CalendarDate
        let phase: Phase

        enum CodingKeys: String, CodingKey {
            case victim, phase
            case fromDate = "from_date"
        }
    }

    struct Registration: Codable, Sendable {
        let victim: String
        let region: String
        let days: String
    }

    struct RequestVictim: Codable, Sendable {
        let request: String
        let victim: String
        let closed: Bool
        let night: Bool
    }

    struct StayRow: Codable, Sendable {
        let request: String
        let victim: String
        let unit: String
        let days: String
        let movesMade: Int
        let arrived: Bool
        let origin: String
        let overrides: [String]
        let offer: Int?

        enum CodingKeys: String, CodingKey {
            case request, victim, unit, days, arrived, origin, overrides, offer
            case movesMade = "moves_made"
        }
    }

    struct OfferStay: Codable, Sendable {
        let offer: Int
        let victim: String
        let unit: String
        let days: String
    }

    struct ProposalStay: Codable, Sendable {
        let run: Int
        let request: String
        let placed: Bool
        let victim: String
        let unit: String
        let days: String
    }

    struct PaidDays: Codable, Sendable {
        let victim: String
        let funder: String
        let days: Int
    }

    struct LegalBasisRow: Codable, Sendable {
        let id: Int
        let kind: String
        let victim: String
        let role: String
        let party: String?
        let categories: [String]
        let days: String
        let withdrawnOn: CalendarDate?
        let reference: String

        enum CodingKeys: String, CodingKey {
            case id, kind, victim, role, party, categories, days, reference
            case withdrawnOn = "withdrawn_on"
        }
    }

    struct BreakGlass: Codable, Sendable {
        let id: Int
        let victim: String
        let role: String
        let party: String
        let categories: [String]
        let reason: String
        let since: Date
        let until: Date
    }
}
