/// `investigation`: where a maximum is given, the shelter's region is reached from the investigation's within it.
public enum InvestigationRule: Rule {
    /// `investigation`.
    public static let code = RuleCode.investigation
    /// What the rule says.
    public static let sentence = Sentence(
        english: "The journey to the police investigation is longer than allowed.",
        dutch: "De reis naar het politieonderzoek duurt langer dan is toegestaan.")

    /// Whether a journey is short enough.
    ///
    /// - Parameter minutes: Minutes from the shelter's region to the investigation's; nil when it cannot be reached.
    public static func allows(_ investigation: Investigation, minutes: Int?) -> Bool {
        guard let most = investigation.maxTravelMinutes else { return true }
        return minutes.map { $0 <= most } ?? false
    }
}
