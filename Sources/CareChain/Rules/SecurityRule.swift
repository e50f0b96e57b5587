/// `security`: the shelter's level is within the levels allowed for the victim.
public enum SecurityRule: Rule {
    /// `security`.
    public static let code = RuleCode.security
    /// What the rule says.
    public static let sentence = Sentence(
        english: "The shelter's security level is not one that is allowed for the victim.",
        dutch: "Het beveiligingsniveau van de opvang is niet toegestaan voor het slachtoffer.")

    /// Whether a victim may be in a shelter with its security level.
    public static func allows(_ victim: Victim, in shelter: Shelter) -> Bool {
        victim.security.contains(shelter.security)
    }
}
