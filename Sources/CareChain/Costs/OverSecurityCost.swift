/// `overSecurity`: per victim, day and level of the shelter's security above what the victim needs. Nothing for fixed
/// requests; the caller leaves them out.
public enum OverSecurityCost {
    /// What a day of a victim in a shelter costs.
    public static func perDay(of victim: Victim, in shelter: Shelter, _ weights: Weights) -> Int {
        weights.overSecurityDay * max(0, shelter.security - victim.security.lowerBound)
    }
}
