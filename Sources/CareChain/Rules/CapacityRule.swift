/// `capacity`: on each day those in a unit are at most its beds. Where fixed stays alone exceed them, that is forgiven
/// and nobody else may be there.
public enum CapacityRule: Rule {
    /// `capacity`.
    public static let code = RuleCode.capacity
    /// What the rule says.
    public static let sentence = Sentence(
        english: "There is no free bed on every day of the stay.",
        dutch: "Er is niet op elke dag van het verblijf een plek vrij.")

    /// The beds that so many victims of so many requests take in a unit.
    public static func load(victims: Int, requests: Int, in unit: Unit) -> Int {
        unit.countBy == .request ? requests : victims
    }

    /// Whether the load of a unit on a day is allowed.
    ///
    /// - Parameters:
    ///   - load: The beds taken by all.
    ///   - fixed: The beds taken by fixed requests alone.
    ///   - others: Whether somebody is there whose request is not fixed.
    public static func allows(load: Int, fixed: Int, others: Bool, beds: Int) -> Bool {
        load <= beds || (!others && fixed > beds)
    }

    /// The beds left for requests that are not fixed.
    public static func bedsLeft(beds: Int, fixed: Int) -> Int {
        max(0, beds - fixed)
    }
}
