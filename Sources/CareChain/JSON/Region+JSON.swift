extension Region: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(id: try object[.id], name: try object[.name])
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.id, id)
            $0.member(Key.name, name)
        }
    }

    private enum Key: Int, JSONKey { case id, name }
}

extension TravelTime: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(a: try object[.a], b: try object[.b], minutes: try object[.minutes])
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.a, a)
            $0.member(Key.b, b)
            $0.member(Key.minutes, minutes)
        }
    }

    private enum Key: Int, JSONKey { case a, b, minutes }
}
