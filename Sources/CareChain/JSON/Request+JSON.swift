extension Request: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(
            id: try object[.id], victims: try object[.victims], together: try object[.together],
            knownFrom: try object.optional(.knownFrom) ?? 0, neededFrom: try object[.neededFrom],
            latestStart: try object[.latestStart], stayDays: try object[.stayDays], urgency: try object[.urgency],
            preferredRegion: try object.optional(.preferredRegion), current: try Self.current(from: object),
            noMoveBefore: try object.optional(.noMoveBefore) ?? 0, locked: try object.optional(.locked) ?? false,
            committed: try object.optional(.committed))
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member(Key.id, id)
            writer.member(Key.victims, victims)
            writer.member(Key.together, together)
            writer.member(Key.knownFrom, knownFrom)
            writer.member(Key.neededFrom, neededFrom)
            writer.member(Key.latestStart, latestStart)
            writer.member(Key.stayDays, stayDays)
            writer.member(Key.urgency, urgency)
            writer.member(Key.preferredRegion, preferredRegion)
            if let current {
                writer.member(Key.current) { writer in
                    writer.object { writer in
                        for stay in current { writer.member(named: stay.victim.text, stay.write) }
                    }
                }
            }
            writer.member(Key.noMoveBefore, noMoveBefore)
            writer.member(Key.locked, locked)
            writer.member(Key.committed, committed)
        }
    }

    private static func current(from object: JSONObject<Key>) throws(InvalidInput) -> [CurrentStay]? {
        guard var reader = object.readerIfGiven(of: .current), !reader.isNull else { return nil }
        return try reader.members { name, reader throws(InvalidInput) in
            try CurrentStay(of: VictimID(name), from: &reader)
        }
    }

    private enum Key: Int, JSONKey {
        case id, victims, together, knownFrom, neededFrom, latestStart, stayDays, urgency, preferredRegion, current
        case noMoveBefore, locked, committed
    }
}

extension CurrentStay {
    fileprivate init(of victim: VictimID, from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(
            victim: victim, unit: try object[.unit], days: try object[.days],
            movesMade: try object.optional(.movesMade) ?? 0)
    }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.unit, unit)
            $0.member(Key.days, days)
            $0.member(Key.movesMade, movesMade)
        }
    }

    private enum Key: Int, JSONKey { case unit, days, movesMade }
}

extension CommittedStay: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(victim: try object[.victim], unit: try object[.unit], days: try object.days(.from, .until))
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.victim, victim)
            $0.member(Key.unit, unit)
            $0.member(Key.from, days.lowerBound)
            $0.member(Key.until, days.upperBound)
        }
    }

    private enum Key: Int, JSONKey { case victim, unit, from, until }
}

extension Together: JSONConvertible {}
extension Urgency: JSONConvertible {}
