/// `avoid`: neither the shelter nor its region is one that the victim must avoid.
public enum AvoidRule: Rule {
    /// `avoid`.
    public static let code = RuleCode.avoid
    /// What the rule says.
    public static let sentence = Sentence(
        english: "The victim must not be in this shelter or region.",
        dutch: "Het slachtoffer mag niet in deze opvang of gevarenregio zijn.")

    /// Whether a victim may be in a shelter as far as danger there is known.
    public static func allows(_ victim: Victim, in shelter: Shelter) -> Bool {
        !victim.avoid.regions.contains(shelter.region) && !victim.avoid.shelters.contains(shelter.id)
    }
}
