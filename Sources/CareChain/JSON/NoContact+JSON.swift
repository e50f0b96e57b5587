extension NoContact: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(a: try object[.a], b: try object[.b], scope: try object[.scope])
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.a, a)
            $0.member(Key.b, b)
            $0.member(Key.scope, scope)
        }
    }

    private enum Key: Int, JSONKey { case a, b, scope }
}

extension ContactScope: JSONConvertible {}
