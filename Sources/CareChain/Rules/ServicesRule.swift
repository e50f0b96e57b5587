/// `services`: every service a victim needs is among the unit's or its shelter's.
public enum ServicesRule: Rule {
    /// `services`.
    public static let code = RuleCode.services
    /// What the rule says.
    public static let sentence = Sentence(
        english: "A service that the victim needs is not offered there.",
        dutch: "Een voorziening die het slachtoffer nodig heeft, is daar niet.")

    /// The needs of a victim that neither unit nor shelter meets.
    public static func missing(for victim: Victim, in unit: Unit, of shelter: Shelter) -> [String] {
        victim.needs.filter { !unit.services.contains($0) && !shelter.services.contains($0) }
    }
}
