/// `together`: on each day all victims of a request are in one unit, or in units of one shelter.
public enum TogetherRule: Rule {
    /// `together`.
    public static let code = RuleCode.together
    /// What the rule says.
    public static let sentence = Sentence(
        english: "The victims of this request must be together.",
        dutch: "De slachtoffers van dit verzoek moeten bij elkaar zijn.")

    /// Whether units (by their places in the instance) are together in the sense of a request.
    public static func allows(_ request: Request, in units: some Sequence<Int>, of instance: Instance) -> Bool {
        var first: Int?
        for unit in units {
            let place = request.together == .unit ? unit : instance.shelterOfUnit[unit]
            if let first, first != place { return false }
            first = place
        }
        return true
    }
}
