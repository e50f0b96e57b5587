extension Shelter: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(
            id: try object[.id], region: try object[.region], security: try object[.security],
            services: try object[.services])
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.id, id)
            $0.member(Key.region, region)
            $0.member(Key.security, security)
            $0.member(Key.services, services)
        }
    }

    private enum Key: Int, JSONKey { case id, region, security, services }
}
