import ArgumentParser
import CareChain
import Ledger

/// A victim on the command line: the pseudonym of one whom the ledger knows, or with what a place is chosen by.
///
///     v1
///     v2:sex=female,born=2001-03-04,phase=reflection,needs=trauma+24h,security=2-4,avoid=frl+dre
struct VictimArgument: ExpressibleByArgument {
    let id: VictimID
    /// Nil: the ledger knows the victim.
    let new: NewVictim?

    static let help: ArgumentHelp = """
        A victim: PSEUDONYM, or PSEUDONYM:sex=female,born=YYYY-MM-DD,phase=reflection and, where they matter, \
        needs=A+B, security=MIN-MAX, avoid=REGION+REGION, avoid-shelters=S+S, investigation=REGION/MINUTES, \
        registered=REGION, guardian=BODY, order-until=YYYY-MM-DD. May be given several times.
        """

    init?(argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard !parts[0].isEmpty else { return nil }
        id = VictimID(parts[0])
        guard parts.count == 2 else {
            new = nil
            return
        }
        var fields = Fields(parts[1])
        guard let sex = fields.take("sex").flatMap(Sex.init(rawValue:)),
            let born = fields.take("born").flatMap({ CalendarDate($0) }),
            let phase = fields.take("phase").flatMap(Phase.init(rawValue:)),
            let security = Self.levels(fields.take("security") ?? "1-4"),
            let investigation = Self.investigation(fields.take("investigation"))
        else { return nil }
        let order = fields.take("order-until")
        let orderUntil = order.flatMap { CalendarDate($0) }
        if order != nil, orderUntil == nil { return nil }
        new = NewVictim(
            victim: Victim(
                id: id, sex: sex, birthDate: born, phases: StepFunction(constant: phase),
                registeredIn: fields.take("registered").map { RegionID($0) }, needs: fields.list("needs"),
                security: security,
                avoid: Avoidance(
                    regions: fields.list("avoid").map { RegionID($0) },
                    shelters: fields.list("avoid-shelters").map { ShelterID($0) }),
                investigation: investigation.value),
            guardian: fields.take("guardian"), courtOrderUntil: orderUntil)
        if !fields.areUsed { return nil }
    }

    static func levels(_ text: String) -> ClosedRange<Int>? {
        let bounds = text.split(separator: "-").map { Int($0) }
        guard bounds.count == 2, let low = bounds[0], let high = bounds[1], 1 <= low, low <= high, high <= 4 else {
            return nil
        }
        return low...high
    }

    /// Nil when the text is none; a value of nil when there is no text.
    private static func investigation(_ text: String?) -> (value: Investigation?, Void)? {
        guard let text else { return (nil, ()) }
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        guard let region = parts.first else { return nil }
        if parts.count == 1 { return (Investigation(region: RegionID(region)), ()) }
        guard let minutes = Int(parts[1]), minutes >= 0 else { return nil }
        return (Investigation(region: RegionID(region), maxTravelMinutes: minutes), ())
    }

    /// `key=value` pairs, each of which must be used.
    private struct Fields {
        private var left: [String: String] = [:]
        private var malformed = false

        init(_ text: String) {
            for field in text.split(separator: ",") {
                let parts = field.split(separator: "=", maxSplits: 1).map(String.init)
                if parts.count != 2 || left.updateValue(parts[1], forKey: parts[0]) != nil { malformed = true }
            }
        }

        mutating func take(_ key: String) -> String? { left.removeValue(forKey: key) }

        mutating func list(_ key: String) -> [String] { take(key)?.split(separator: "+").map(String.init) ?? [] }

        var areUsed: Bool { left.isEmpty && !malformed }
    }
}
