/// `hold`: no victim of the request moves before `noMoveBefore`.
public enum HoldRule: Rule {
    /// `hold`.
    public static let code = RuleCode.hold
    /// What the rule says.
    public static let sentence = Sentence(
        english: "The victim may not be moved yet: there is a hold.",
        dutch: "Het slachtoffer mag nog niet verhuizen: er is een verhuisverbod tot een datum.")

    /// Whether a move of a request on a day is allowed.
    public static func allowsMove(of request: Request, on day: Day) -> Bool {
        day >= request.noMoveBefore
    }
}
