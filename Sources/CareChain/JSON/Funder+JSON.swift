extension Funder: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        var window = try object.reader(of: .window)
        self.init(
            id: try object[.id], name: try object[.name], accepts: try object[.accepts],
            window: try window.object(WindowKey.self).days(.from, .until),
            maxDaysPerVictim: try object.optional(.maxDaysPerVictim), budget: try object.optional(.budgetCents))
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member(Key.id, id)
            writer.member(Key.name, name)
            writer.member(Key.accepts, accepts)
            writer.member(Key.window) { writer in
                writer.object {
                    $0.member(WindowKey.from, window.lowerBound)
                    $0.member(WindowKey.until, window.upperBound)
                }
            }
            writer.member(Key.maxDaysPerVictim, maxDaysPerVictim)
            writer.member(Key.budgetCents, budget)
        }
    }

    private enum Key: Int, JSONKey { case id, name, accepts, window, maxDaysPerVictim, budgetCents }

    private enum WindowKey: Int, JSONKey { case from, until }
}

extension FunderAcceptance: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(
            phases: try object.optional(.phases), bedTypes: try object.optional(.bedTypes),
            registeredIn: try object.optional(.registeredIn), shelterRegions: try object.optional(.shelterRegions),
            ages: AgeRange(min: try object.optional(.minAge), max: try object.optional(.maxAge)))
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.phases, phases)
            $0.member(Key.bedTypes, bedTypes)
            $0.member(Key.registeredIn, registeredIn)
            $0.member(Key.shelterRegions, shelterRegions)
            $0.member(Key.minAge, ages.min)
            $0.member(Key.maxAge, ages.max)
        }
    }

    private enum Key: Int, JSONKey { case phases, bedTypes, registeredIn, shelterRegions, minAge, maxAge }
}
