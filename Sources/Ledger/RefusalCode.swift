public import CareChain

/// Why the program refuses a step that is sound in itself, where no rule of the problem or of the database says so: who asks
/// may not make it, or not as things are by now.
///
/// The codes are stable: other programs may go by them. What the database refuses has its rule's name for a code. All are
/// listed in `docs/refusals.md`.
public enum RefusalCode: String, CaseIterable, Sendable {
    /// The step is not for this role.
    case role
    /// The case is none of the actor's.
    case notOwnCase = "not-own-case"
    /// The beds are none of the actor's shelter.
    case notOwnUnit = "not-own-unit"
    /// The offer is of no bed of the actor's shelter.
    case notOwnOffer = "not-own-offer"
    /// The absence is another coordinator's.
    case notOwnAbsence = "not-own-absence"
    /// The statement is another payer's.
    case notOwnStatement = "not-own-statement"
    /// The offer waits for approvals, none of which is the actor's to give.
    case approval
    /// A minor has no guardian on record, so that nobody can approve.
    case guardian = "guardian-missing"
    /// The hold is not one that the actor may release.
    case hold = "hold-release"
    /// There is no hold on moves that the actor may lift.
    case moveHold = "move-hold"
    /// No transfer of the request is under way, or none is agreed on.
    case transfer = "transfer_open"
    /// Another place was proposed, and no reason is given.
    case plan
    /// The shelter is outside the preferred region, and no reason is given.
    case outOfRegion = "out-of-region"
    /// The run was published already.
    case published = "run_published"
    /// Facts of erased cases were taken out of the run.
    case blanked = "run_blanked"
}

extension RefusalCode {
    /// What it says, for people.
    public var sentence: Sentence {
        switch self {
        case .role: Sentence(english: "This step is not for this role.", dutch: "Deze stap is niet voor deze rol.")
        case .notOwnCase:
            Sentence(english: "The case is none of the actor's.", dutch: "De casus is niet van wie dit vraagt.")
        case .notOwnUnit:
            Sentence(
                english: "The beds are none of the actor's shelter.",
                dutch: "De plekken zijn niet van de opvang die dit vraagt.")
        case .notOwnOffer:
            Sentence(
                english: "The offer is of no bed of the actor's shelter.",
                dutch: "Het aanbod gaat over geen plek van de opvang die antwoordt.")
        case .notOwnAbsence:
            Sentence(
                english: "The absence is another coordinator's.", dutch: "De afwezigheid is van een andere coördinator."
            )
        case .notOwnStatement:
            Sentence(english: "The statement is another payer's.", dutch: "Het overzicht is van een andere financier.")
        case .approval:
            Sentence(
                english: "The offer waits for no approval that is the actor's to give.",
                dutch: "Het aanbod wacht niet op een instemming van wie dit vraagt.")
        case .guardian:
            Sentence(
                english: "The minor has no guardian on record: somebody records who it is before anybody can approve.",
                dutch: "Van de minderjarige is geen voogd bekend: iemand legt eerst vast wie dat is.")
        case .hold:
            Sentence(
                english: "The hold is not one that the actor may release.",
                dutch: "Wie dit vraagt, mag deze reservering niet vrijgeven.")
        case .moveHold:
            Sentence(
                english: "There is no hold on moves that the actor may lift.",
                dutch: "Er is geen verhuisverbod dat wie dit vraagt mag opheffen.")
        case .transfer:
            Sentence(
                english: "No transfer of the request is under way, or none is agreed on.",
                dutch: "Er loopt geen doorplaatsing van het verzoek, of er is er geen afgesproken.")
        case .plan:
            Sentence(
                english: "Another place was proposed, and no reason is given.",
                dutch: "Er is een andere plek voorgesteld en er is geen reden gegeven.")
        case .outOfRegion:
            Sentence(
                english: "The shelter is outside the preferred region, and no reason is given.",
                dutch: "De opvang is buiten de voorkeursregio en er is geen reden gegeven.")
        case .published: Sentence(english: "The run was published already.", dutch: "Het plan is al gepubliceerd.")
        case .blanked:
            Sentence(
                english: "Facts of erased cases were taken out of the run.",
                dutch: "Gegevens van gewiste casussen zijn uit het plan gehaald.")
        }
    }
}
