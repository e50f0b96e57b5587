extension Unit: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        var beds = try object.reader(of: .beds)
        self.init(
            id: try object[.id], shelter: try object[.shelter], bedType: try object[.bedType],
            beds: StepFunction(try beds.list { reader throws(InvalidInput) in try Self.bedStep(from: &reader) }),
            accepts: try object[.accepts], services: try object[.services], mixing: try object[.mixing],
            exclusive: try object[.exclusive], minGroup: try object[.minGroup],
            maxGroup: try object.optional(.maxGroup), countBy: try object[.countBy],
            maxLegDays: try object.optional(.maxLegDays), dailyCost: try object[.dailyCostCents],
            scarcity: try object[.scarcity])
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member(Key.id, id)
            writer.member(Key.shelter, shelter)
            writer.member(Key.bedType, bedType)
            writer.member(Key.beds) { writer in
                writer.list(beds.steps) { writer, step in
                    writer.object {
                        $0.member(BedStepKey.from, step.from)
                        $0.member(BedStepKey.count, step.value)
                    }
                }
            }
            writer.member(Key.accepts, accepts)
            writer.member(Key.services, services)
            writer.member(Key.mixing, mixing)
            writer.member(Key.exclusive, exclusive)
            writer.member(Key.minGroup, minGroup)
            writer.member(Key.maxGroup, maxGroup)
            writer.member(Key.countBy, countBy)
            writer.member(Key.maxLegDays, maxLegDays)
            writer.member(Key.dailyCostCents, dailyCost)
            writer.member(Key.scarcity, scarcity)
        }
    }

    private static func bedStep(from reader: inout JSONReader) throws(InvalidInput) -> StepFunction<Int>.Step {
        let object = try reader.object(BedStepKey.self)
        return StepFunction.Step(from: try object[.from], value: try object[.count])
    }

    private enum Key: Int, JSONKey {
        case id, shelter, bedType, beds, accepts, services, mixing, exclusive, minGroup, maxGroup, countBy
        case maxLegDays, dailyCostCents, scarcity
    }

    private enum BedStepKey: Int, JSONKey { case from, count }
}

extension Admission: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(
            sexes: try object[.sexes],
            ages: AgeRange(min: try object.optional(.minAge), max: try object.optional(.maxAge)),
            phases: try object.optional(.phases))
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.sexes, sexes)
            $0.member(Key.minAge, ages.min)
            $0.member(Key.maxAge, ages.max)
            $0.member(Key.phases, phases)
        }
    }

    private enum Key: Int, JSONKey { case sexes, minAge, maxAge, phases }
}

extension BedType: JSONConvertible {}
extension Mixing: JSONConvertible {}
extension CountBy: JSONConvertible {}
