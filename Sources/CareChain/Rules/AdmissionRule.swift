/// `admission`: on the first day of each leg the unit accepts the victim's sex, age and phase, and the number of the
/// request's victims there on that day is within `minGroup` and `maxGroup`. A first leg in the current unit is exempt.
public enum AdmissionRule: Rule {
    /// `admission`.
    public static let code = RuleCode.admission
    /// What the rule says.
    public static let sentence = Sentence(
        english: "The unit does not admit this sex, age, phase or size of group.",
        dutch: "De afdeling neemt dit geslacht, deze leeftijd, fase of groepsgrootte niet op.")

    /// Whether a unit accepts a victim's sex.
    public static func accepts(_ sex: Sex, in unit: Unit) -> Bool {
        unit.accepts.sexes.contains(sex)
    }

    /// Whether a unit accepts an age and phase: on the first day to be admitted, on later days not to overstay.
    public static func accepts(age: Int, phase: Phase, in unit: Unit) -> Bool {
        unit.accepts.ages.contains(age) && (unit.accepts.phases?.contains(phase) ?? true)
    }

    /// Whether a unit admits so many victims of one request.
    public static func acceptsGroup(of size: Int, in unit: Unit) -> Bool {
        size >= unit.minGroup && size <= (unit.maxGroup ?? .max)
    }
}
