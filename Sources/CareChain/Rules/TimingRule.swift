/// `timing`: all victims of a request start on the same allowed day, their legs are contiguous to the end, and after
/// day 0 they move on the same days.
public enum TimingRule: Rule {
    /// `timing`.
    public static let code = RuleCode.timing
    /// What the rule says.
    public static let sentence = Sentence(
        english: "The victims of a request start within its days, move together and stay to the end.",
        dutch: "De slachtoffers van een verzoek beginnen binnen de termijn, verhuizen samen en blijven tot het einde.")

    /// The days on which a request that is not committed may start.
    public static func starts(of request: Request) -> ClosedRange<Day> {
        request.current == nil ? request.neededFrom...request.latestStart : 0...0
    }
}
