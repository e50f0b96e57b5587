import CareChain

/// Something about which the ledger says other than what was to be taken in.
public struct Contradiction: Sendable, Equatable, CustomStringConvertible {
    /// What it is about, `unit` for example.
    public let kind: String
    /// Its identifier; nil where there is only one.
    public let id: String?
    /// What differs, by the names of the parts; empty when the ledger has no such thing on that day.
    public let parts: [String]

    /// What it is about and what differs, without the values.
    public var description: String {
        let subject = id.map { "\(kind) \"\($0)\"" } ?? kind
        return parts.isEmpty ? "\(subject) is not there" : "\(subject) (\(parts.joined(separator: ", ")))"
    }
}

extension Contradiction {
    /// Everything that one instance says and another does not.
    static func all(between given: Instance, and kept: Instance) -> [Contradiction] {
        var found: [Contradiction] = []
        func compare<Fact: Equatable, Key: Hashable>(
            _ kind: String, _ given: [Fact], _ kept: [Fact], by key: (Fact) -> Key, id: (Fact) -> String
        ) {
            let others = Dictionary(kept.map { (key($0), $0) }) { first, _ in first }
            for fact in given {
                let other = others[key(fact)]
                if other != fact {
                    found.append(
                        Contradiction(kind: kind, id: id(fact), parts: other.map { differences(fact, $0) } ?? []))
                }
            }
        }
        if given.moveLimits != kept.moveLimits {
            let parts = differences(given.moveLimits, kept.moveLimits)
            found.append(Contradiction(kind: "planning policy", id: nil, parts: parts))
        }
        if given.weights != kept.weights {
            let parts = differences(given.weights, kept.weights)
            found.append(Contradiction(kind: "weights", id: nil, parts: parts))
        }
        compare("region", given.regions, kept.regions, by: \.id, id: \.id.text)
        compare(
            "travel time", given.travelTimes.map(\.inOrder), kept.travelTimes.map(\.inOrder), by: { [$0.a, $0.b] },
            id: { "\($0.a)–\($0.b)" })
        compare("shelter", given.shelters, kept.shelters, by: \.id, id: \.id.text)
        compare(
            "unit", given.units.map(\.withoutIdleSteps), kept.units.map(\.withoutIdleSteps), by: \.id, id: \.id.text)
        compare("funder", given.funders, kept.funders, by: \.id, id: \.id.text)
        let known = Set(given.funders.map(\.id))
        if given.funders.map(\.id) != kept.funders.map(\.id).filter({ known.contains($0) }) {
            found.append(Contradiction(kind: "funders", id: nil, parts: ["the order in which they pay"]))
        }
        compare(
            "victim", given.victims.map(\.withoutIdleSteps), kept.victims.map(\.withoutIdleSteps), by: \.id,
            id: \.id.text)
        compare("request", given.requests, kept.requests, by: \.id, id: \.id.text)
        compare(
            "no-contact pair", given.noContact.map(\.inOrder), kept.noContact.map(\.inOrder),
            by: { [$0.a.text, $0.b.text, $0.scope.rawValue] }, id: { "\($0.a)–\($0.b)" })
        return found
    }

    /// The names of the stored properties that differ. By reflection, so that a new property cannot be forgotten.
    private static func differences<Fact>(_ a: Fact, _ b: Fact) -> [String] {
        zip(Mirror(reflecting: a).children, Mirror(reflecting: b).children).compactMap { one, other in
            // A textual account of plain values differs when they do.
            String(reflecting: one.value) == String(reflecting: other.value) ? nil : one.label
        }
    }
}

extension TravelTime {
    fileprivate var inOrder: TravelTime { a < b ? self : TravelTime(a: b, b: a, minutes: minutes) }
}

extension NoContact {
    fileprivate var inOrder: NoContact { a < b ? self : NoContact(a: b, b: a, scope: scope) }
}

// A step to the value that holds already says nothing: an instance may have it where the ledger has not, or the other way.
extension StepFunction {
    fileprivate var withoutIdleSteps: StepFunction {
        StepFunction(
            steps.enumerated().filter { place, step in place == 0 || steps[place - 1].value != step.value }.map(
                \.element))
    }
}

extension Unit {
    fileprivate var withoutIdleSteps: Unit {
        Unit(
            id: id, shelter: shelter, bedType: bedType, beds: beds.withoutIdleSteps, accepts: accepts,
            services: services, mixing: mixing, exclusive: exclusive, minGroup: minGroup, maxGroup: maxGroup,
            countBy: countBy, maxLegDays: maxLegDays, dailyCost: dailyCost, scarcity: scarcity)
    }
}

extension Victim {
    fileprivate var withoutIdleSteps: Victim {
        Victim(
            id: id, sex: sex, birthDate: birthDate, phases: phases.withoutIdleSteps, registeredIn: registeredIn,
            needs: needs, security: security, avoid: avoid, investigation: investigation, paidDays: paidDays)
    }
}
