/// `no-contact`: the two victims of a pair are never in the same unit, shelter or region on the same day. Two of the
/// same request are exempt, and so are two who are both fixed.
public enum NoContactRule: Rule {
    /// `no-contact`.
    public static let code = RuleCode.noContact
    /// What the rule says.
    public static let sentence = Sentence(
        english: "Somebody whom the victim must not meet is there.",
        dutch: "Er is iemand met wie het slachtoffer geen contact mag hebben.")

    /// Whether people in two units (by their places in the instance) meet in the sense of a scope.
    public static func meet(in a: Int, and b: Int, scope: ContactScope, of instance: Instance) -> Bool {
        switch scope {
        case .unit: a == b
        case .shelter: instance.shelterOfUnit[a] == instance.shelterOfUnit[b]
        case .region: instance.region(ofUnit: a) == instance.region(ofUnit: b)
        }
    }

    /// Whether a pair counts at all.
    public static func binds(_ pair: NoContact, in instance: Instance) -> Bool {
        guard let a = instance.victimIndex[pair.a], let b = instance.victimIndex[pair.b] else { return false }
        let (one, other) = (instance.requestOfVictim[a], instance.requestOfVictim[b])
        return one != other && !(instance.requests[one].isFixed && instance.requests[other].isFixed)
    }
}
