extension Victim: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        var phases = try object.reader(of: .phases)
        self.init(
            id: try object[.id], sex: try object[.sex], birthDate: try object[.birthDate],
            phases: StepFunction(try phases.list { reader throws(InvalidInput) in try Self.phaseStep(from: &reader) }),
            registeredIn: try object.optional(.registeredIn), needs: try object[.needs],
            security: try Self.security(from: try object.reader(of: .security)), avoid: try object[.avoid],
            investigation: try object.optional(.investigation), paidDays: try Self.paidDays(from: object))
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member(Key.id, id)
            writer.member(Key.sex, sex)
            writer.member(Key.birthDate, birthDate)
            writer.member(Key.phases) { writer in
                writer.list(phases.steps) { writer, step in
                    writer.object {
                        $0.member(PhaseStepKey.from, step.from)
                        $0.member(PhaseStepKey.phase, step.value)
                    }
                }
            }
            writer.member(Key.registeredIn, registeredIn)
            writer.member(Key.needs, needs)
            writer.member(Key.security) { writer in
                writer.object {
                    $0.member(SecurityKey.min, security.lowerBound)
                    $0.member(SecurityKey.max, security.upperBound)
                }
            }
            writer.member(Key.avoid, avoid)
            writer.member(Key.investigation, investigation)
            if !paidDays.isEmpty {
                writer.member(Key.paidDays) { writer in
                    writer.object { writer in
                        for paid in paidDays {
                            writer.member(named: paid.funder.text) { paid.days.write(to: &$0) }
                        }
                    }
                }
            }
        }
    }

    private static func phaseStep(from reader: inout JSONReader) throws(InvalidInput) -> StepFunction<Phase>.Step {
        let object = try reader.object(PhaseStepKey.self)
        return StepFunction.Step(from: try object[.from], value: try object[.phase])
    }

    private static func security(from reader: JSONReader) throws(InvalidInput) -> ClosedRange<Int> {
        var reader = reader
        let object = try reader.object(SecurityKey.self)
        let (least, greatest): (Int, Int) = (try object[.min], try object[.max])
        guard least <= greatest else {
            throw try object.reader(of: .max).error("\(greatest) is less than min \(least)")
        }
        return least...greatest
    }

    private static func paidDays(from object: JSONObject<Key>) throws(InvalidInput) -> [PaidDays] {
        guard var reader = object.readerIfGiven(of: .paidDays), !reader.isNull else { return [] }
        return try reader.members { name, reader throws(InvalidInput) in
            PaidDays(funder: FunderID(name), days: try reader.integer())
        }
    }

    private enum Key: Int, JSONKey {
        case id, sex, birthDate, phases, registeredIn, needs, security, avoid, investigation, paidDays
    }

    private enum PhaseStepKey: Int, JSONKey { case from, phase }

    private enum SecurityKey: Int, JSONKey { case min, max }
}

extension Avoidance: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(regions: try object[.regions], shelters: try object[.shelters])
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.regions, regions)
            $0.member(Key.shelters, shelters)
        }
    }

    private enum Key: Int, JSONKey { case regions, shelters }
}

extension Investigation: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(region: try object[.region], maxTravelMinutes: try object.optional(.maxTravelMinutes))
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.region, region)
            $0.member(Key.maxTravelMinutes, maxTravelMinutes)
        }
    }

    private enum Key: Int, JSONKey { case region, maxTravelMinutes }
}

extension Sex: JSONConvertible {}
extension Phase: JSONConvertible {}
