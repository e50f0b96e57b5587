/// `fixed`: a locked request stays in its current units from day 0 to its end; a committed one has exactly its
/// committed stays.
public enum FixedRule: Rule {
    /// `fixed`.
    public static let code = RuleCode.fixed
    /// What the rule says.
    public static let sentence = Sentence(
        english: "People have decided already where this request is.",
        dutch: "Er is al besloten waar dit verzoek is geplaatst.")

    /// The stays of a fixed request, victim by victim in order of days; nil when the request is not fixed.
    public static func stays(of request: Request, in instance: Instance) -> [Stay]? {
        if let committed = request.committed {
            return request.victims.flatMap { victim in
                committed.filter { $0.victim == victim }.sorted { $0.days.lowerBound < $1.days.lowerBound }.map {
                    Stay(
                        request: request.id, victim: victim, unit: $0.unit, from: $0.days.lowerBound,
                        until: $0.days.upperBound)
                }
            }
        }
        guard request.locked, let current = request.current else { return nil }
        let end = request.end(startingOn: 0, horizonDays: instance.horizon.days)
        return current.map { Stay(request: request.id, victim: $0.victim, unit: $0.unit, from: 0, until: end) }
    }
}
