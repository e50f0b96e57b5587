public import CareChain
public import Postgres

/// Why the ledger did not do what was asked; nothing of it was done.
///
/// No description holds personal data beyond pseudonyms.
public enum LedgerError: Error, Sendable, Equatable {
    /// There is no planning policy yet, so no reference data either.
    case noPolicy
    /// Something is missing of which an instance cannot be built; the sentence says what.
    case incomplete(english: String, dutch: String)
    /// Only some of a request's victims have a place on the day; the others have neither one nor left.
    case unevenStays(request: RequestID)
    /// What the ledger knows makes no valid instance.
    case noInstance(InvalidInput)
    /// The ledger says something else than what was to be taken in.
    case contradicts([Contradiction])
    /// A plan does not say how it came about, or is not of the instance it is kept with; the sentence says what.
    case unkeepablePlan(String)
    /// There is no run with this number.
    case noSuchRun(Int)
    /// A rule of the schema refused a row: the constraint's name.
    case refused(constraint: String)
    /// A day is further away than the database can hold, earlier than 4713 BC for example.
    case outsideCalendar
    /// A text holds a character that the database cannot keep: U+0000.
    case unstorableText
    /// There is no such thing; its kind and its identifier.
    case noSuch(kind: Kind, id: String)
    /// The actor may not do this; the sentence says why and who may.
    case notAllowed(RefusalCode, String)
    /// The actor may do this, but not as things are by now, which somebody else may have made so: the code of the rule, and
    /// what it says.
    case notNow(rule: String, Sentence)
    /// The placement would break rules.
    case breaks([BrokenRule])
    /// What was to be changed has been changed by somebody else since it was seen: it has another version.
    case stale(expected: Int, actual: Int)
    /// This key of the actor's was used for something else.
    case keyReused(String)
    /// Of several things that were given, these are wrong, by their place from 0; none was taken in.
    indirect case items([Int: LedgerError])
    /// Something that was given cannot be right; the sentence says what.
    case invalid(english: String, dutch: String)
    /// The database does not let this actor do it: a code of `docs/refusals.md`, and a sentence that says why.
    case denied(String, String)
    /// This is not disclosed to who asked: not the actor's case, or no legal basis is in force.
    case notDisclosed(String, to: Actor)
    /// Transactions that may still add entries to the audit trail took too long; nothing was sealed.
    case unsealable(transactions: Int)
    /// A key is missing, or something does not open with its key.
    case keys(KeyProblem)
    /// The database could not be used.
    case database(PostgresError)
    /// Something else went wrong; its description.
    case unexpected(String)

    /// What kind of thing there is not.
    public enum Kind: CaseIterable, Sendable {
        case request, offer, hold, action, shelter, unit, coverage, token, transfer, webhook, planJob
        /// The days on which a coordinator is away.
        case absence
        /// Something that the auditor must look at.
        case alarm
        /// A case of a victim.
        case caseRecord
        /// A night placement that waits to be confirmed.
        case nightPlacement
        /// An override that waits for a second person.
        case override
        /// A delivery of a webhook that was given up.
        case deadDelivery
    }
}

extension LedgerError.Kind {
    /// What it is called.
    public var name: Sentence {
        switch self {
        case .request: Sentence(english: "request", dutch: "verzoek")
        case .offer: Sentence(english: "offer", dutch: "aanbod")
        case .hold: Sentence(english: "hold", dutch: "reservering")
        case .action: Sentence(english: "action", dutch: "actie")
        case .shelter: Sentence(english: "shelter", dutch: "opvang")
        case .unit: Sentence(english: "unit", dutch: "afdeling")
        case .coverage: Sentence(english: "coverage", dutch: "dekking")
        case .absence: Sentence(english: "absence that is not over", dutch: "afwezigheid die nog niet voorbij is")
        case .alarm: Sentence(english: "alarm", dutch: "alarm")
        case .token: Sentence(english: "token", dutch: "token")
        case .transfer: Sentence(english: "transfer", dutch: "doorplaatsing")
        case .webhook: Sentence(english: "webhook", dutch: "webhook")
        case .planJob: Sentence(english: "plan job", dutch: "planopdracht")
        case .caseRecord: Sentence(english: "case", dutch: "zaak")
        case .nightPlacement:
            Sentence(english: "night placement to confirm", dutch: "nachtplaatsing om te bevestigen")
        case .override:
            Sentence(
                english: "override that waits for a second person",
                dutch: "afwijking die op een tweede persoon wacht")
        case .deadDelivery: Sentence(english: "dead delivery of webhook", dutch: "opgegeven aflevering van webhook")
        }
    }
}

extension LedgerError {
    /// The error of what a transaction threw.
    init(_ error: any Error) {
        switch error {
        case let error as LedgerError: self = error
        case let error as KeyProblem: self = .keys(error)
        case let error as InvalidInput: self = .noInstance(error)
        case let error as PostgresError: self.init(error)
        case is CancellationError: self = .database(.cancelled)
        default: self = .unexpected(String(describing: error))
        }
    }

    /// The same of what somebody's transaction threw: where PostgreSQL names the table that is closed, who asked is told
    /// where to read what is open.
    init(_ error: any Error, of acting: Acting) {
        self.init(error)
        if case .denied(Self.notGranted, _) = self, case .actor(let actor) = acting {
            self = .denied(Self.notGranted, "this is not for \(actor): docs/privacy.md says who may see and do what")
        }
    }

    private init(_ error: PostgresError) {
        switch error.sqlState?.rawValue {
        // Class 23, integrity constraint violations.
        case let state? where state.hasPrefix("23"):
            self = error.constraint.map { .refused(constraint: $0) } ?? .database(error)
        // insufficient_privilege, no_data_found, object_not_in_prerequisite_state, invalid_parameter_value: with a code,
        // said by functions of the schema; the first without one by PostgreSQL, of what is granted to nobody who asks.
        case "42501", "P0002", "55000", "22023":
            switch (error, error.constraint) {
            case (.server(let refusal), let code?): self = .denied(code, refusal.message)
            case (.server(let refusal), nil) where refusal.sqlState.rawValue == "42501":
                self = .denied(Self.notGranted, refusal.message)
            default: self = .database(error)
            }
        // datetime_field_overflow
        case "22008": self = .outsideCalendar
        // untranslatable_character, by which jsonb refuses \u0000
        case "22P05": self = .unstorableText
        default: self = .database(error)
        }
    }
}

extension LedgerError {
    /// The code of what PostgreSQL refuses because no right to it was granted, or no policy lets it through.
    static let notGranted = "not-granted"

    /// Its stable code: why a step is refused, one of `docs/refusals.md`, and otherwise what kind of error it is.
    public var code: String {
        switch self {
        case .breaks, .refused, .notAllowed, .notNow, .denied: rules.first ?? "rule-broken"
        case .noPolicy: "no-policy"
        case .incomplete: "incomplete"
        case .unevenStays: "uneven-stays"
        case .noInstance: "no-instance"
        case .contradicts: "contradicts"
        case .unkeepablePlan: "unkeepable-plan"
        case .noSuchRun, .noSuch: "no-such"
        case .outsideCalendar: "outside-calendar"
        case .unstorableText: "unstorable-text"
        case .stale: "outdated"
        case .keyReused: "key-reused"
        case .items(let problems): problems.min { $0.key < $1.key }?.value.code ?? "invalid"
        case .invalid: "invalid"
        case .notDisclosed: "not-disclosed"
        case .unsealable: "unsealable"
        case .keys: "keys"
        case .database: "database"
        case .unexpected: "unexpected"
        }
    }

    /// The codes of all for which it was refused: rules of the problem, whether the program or the database found them
    /// broken, or else the name of the database's rule, or why the actor may not. Empty for what is no refusal.
    public var rules: [String] {
        switch self {
        case .breaks(let rules): rules.map(\.rule.rawValue)
        case .notNow(let rule, _): [rule]
        case .refused(let constraint): [Self.rule(of: constraint)?.rawValue ?? constraint]
        case .notAllowed(let code, _): [code.rawValue]
        case .denied(let code, _): [code]
        default: []
        }
    }

    /// Whether what was asked is sound, and refused because of what is so by now: another has the bed, the offer is
    /// answered, the role may not. Otherwise something is wrong with what was given.
    public var isRefusalOfStep: Bool {
        switch self {
        case .breaks, .notAllowed, .notNow, .stale: true
        case .refused(let constraint): Self.stepGuards.contains(constraint)
        default: false
        }
    }

    private static let stepGuards: Set<String> = [
        "capacity_report_source", "case_actor", "coverage_actor", "hold_beds", "legal_basis_once",
        "night_placement_bed", "night_placement_hours", "night_placement_nights", "night_placement_tonight",
        "offer_actor", "offer_approval_role", "offer_approvals", "offer_content_kept", "offer_court_order",
        "offer_even", "offer_in_time", "offer_legal_step", "offer_of_open_request", "offer_one_placement",
        "offer_second_person", "offer_whole", "owner_actor", "planned_action_fixed", "planned_action_notice",
        "request_holds", "request_legal_step", "request_offers", "request_proposal", "request_stays",
        "request_step_role", "request_transfer", "request_victim_once", "request_victim_one_night", "request_victims",
        "rule_override_second", "stay_beds", "stay_contiguous", "stay_exclusive", "stay_handover", "stay_mixing",
        "stay_no_contact", "stay_one_place", "stay_unagreed", "transfer_checklist", "transfer_legal_step",
        "transfer_one_open",
    ]

    /// The rule of the problem that a constraint guards.
    private static func rule(of constraint: String) -> RuleCode? {
        switch constraint {
        case "stay_beds", "hold_beds": .capacity
        case "stay_mixing": .mixing
        case "stay_exclusive": .exclusive
        case "stay_no_contact": .noContact
        default: nil
        }
    }
}

extension LedgerError: CustomStringConvertible {
    /// A sentence for people that says what was wrong, where, and where possible what to do.
    public var description: String {
        switch self {
        case .noPolicy:
            "the ledger has no reference data yet: load a country's first"
        case .incomplete(let sentence, _), .invalid(let sentence, _): sentence
        case .unevenStays(let request):
            "some victims of request \"\(request)\" have a place on that day and others have neither one nor left: "
                + "record where they are"
        case .noInstance(let problem):
            "what the ledger knows makes no valid instance: \(problem)"
        case .contradicts(let contradictions):
            "nothing was taken in, since the ledger says otherwise about \(Self.list(contradictions.map(\.description)))"
        case .unkeepablePlan(let sentence): sentence
        case .noSuchRun(let number): "there is no run \(number)"
        case .refused(let constraint):
            ConstraintSentence.of(constraint) ?? "the rule \(constraint) of the database refused it"
        case .outsideCalendar: "a day is further away than the database can hold"
        case .unstorableText: "a text holds the character U+0000, which the database cannot keep"
        case .noSuch(let kind, let id): "there is no \(kind.name.english) \"\(id)\""
        case .notAllowed(_, let sentence): sentence
        case .notNow(_, let sentence): sentence.english
        case .breaks(let rules): "it would break rules: \(Self.list(rules.map(\.description)))"
        case .stale(let expected, let actual):
            "somebody else has changed it since: it has version \(actual), not \(expected); look at it again"
        case .keyReused(let key): "the key \"\(key)\" was used for another command: give each command a key of its own"
        case .items(let problems):
            "nothing was taken in: "
                + Self.list(problems.sorted { $0.key < $1.key }.map { "item \($0.key + 1): \($0.value)" })
        case .denied(_, let sentence): sentence
        case .notDisclosed(let what, let actor):
            "\(what) is not disclosed to \(actor): it is not a case of theirs that shows it, or no legal basis is in force "
                + "(onderdak basis list); in a vital interest, onderdak break-glass opens it with a reason"
        case .unsealable(let count):
            "nothing was sealed: \(count) transactions that write have not ended; seal again, or find them in pg_stat_activity"
        case .keys(let problem): problem.description
        case .database(let error): error.description
        case .unexpected(let description): description
        }
    }

    private static func list(_ items: [String]) -> String {
        let shown = items.prefix(5).joined(separator: "; ")
        return items.count > 5 ? "\(shown); and \(items.count - 5) more" : shown
    }
}
