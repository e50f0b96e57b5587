extension Weights: JSONConvertible {
    /// Reads weights; those that are left out or null keep their defaults.
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init()
        unplaced = try Self.read(.unplaced, of: object, default: unplaced)
        waitDay = try Self.read(.waitDay, of: object, default: waitDay)
        outOfRegion = try object.optional(.outOfRegion) ?? outOfRegion
        travelMinute = try object.optional(.travelMinute) ?? travelMinute
        move = try object.optional(.move) ?? move
        overstayDay = try object.optional(.overstayDay) ?? overstayDay
        unfundedDay = try object.optional(.unfundedDay) ?? unfundedDay
        overBudgetEuro = try object.optional(.overBudgetEuro) ?? overBudgetEuro
        overSecurityDay = try object.optional(.overSecurityDay) ?? overSecurityDay
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.unplaced, unplaced.write)
            $0.member(Key.waitDay, waitDay.write)
            $0.member(Key.outOfRegion, outOfRegion)
            $0.member(Key.travelMinute, travelMinute)
            $0.member(Key.move, move)
            $0.member(Key.overstayDay, overstayDay)
            $0.member(Key.unfundedDay, unfundedDay)
            $0.member(Key.overBudgetEuro, overBudgetEuro)
            $0.member(Key.overSecurityDay, overSecurityDay)
        }
    }

    /// Reads the weights per urgency; an urgency may be left out, but is not null.
    private static func read(
        _ key: Key, of object: JSONObject<Key>, default weights: ByUrgency
    ) throws(InvalidInput) -> ByUrgency {
        guard var reader = object.readerIfGiven(of: key), !reader.isNull else { return weights }
        let object = try reader.object(ByUrgency.Key.self)
        var weights = weights
        for (key, urgency) in ByUrgency.keys {
            if var reader = object.readerIfGiven(of: key) { weights[urgency] = try reader.integer() }
        }
        return weights
    }

    private enum Key: Int, JSONKey {
        case unplaced, waitDay, outOfRegion, travelMinute, move, overstayDay, unfundedDay, overBudgetEuro
        case overSecurityDay
    }
}

extension Weights.ByUrgency {
    fileprivate enum Key: Int, JSONKey { case crisis, urgent, planned }

    fileprivate static let keys: [(Key, Urgency)] = [(.crisis, .crisis), (.urgent, .urgent), (.planned, .planned)]

    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            for (key, urgency) in Self.keys { writer.member(key, self[urgency]) }
        }
    }
}
