extension Horizon: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(start: try object[.start], days: try object[.days])
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.start, start)
            $0.member(Key.days, days)
        }
    }

    private enum Key: Int, JSONKey { case start, days }
}

extension MoveLimits: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(maxMoves: try object[.maxMoves], minLegDays: try object[.minLegDays])
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.maxMoves, maxMoves)
            $0.member(Key.minLegDays, minLegDays)
        }
    }

    private enum Key: Int, JSONKey { case maxMoves, minLegDays }
}
