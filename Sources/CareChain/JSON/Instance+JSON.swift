extension Instance {
    /// Reads an instance from a file in the format `onderdak-instance/1`.
    ///
    /// A file of 100 MB takes at most 8 times its size in memory while it is read (see ``JSONReader``).
    ///
    /// - Throws: ``InvalidInput`` when it is not JSON or not a valid instance in the sense of `problem.md`.
    public init(json bytes: [UInt8]) throws(InvalidInput) {
        var reader = try JSONReader(bytes)
        try FileFormat.instance.check(reader)
        let object = try reader.object(Key.self)
        let weights: Weights? = try object.optional(.weights)
        try self.init(
            name: object[.name], horizon: object[.horizon], moveLimits: object[.rules], regions: object[.regions],
            travelTimes: object[.travelMinutes], shelters: object[.shelters], units: object[.units],
            funders: object[.funders], victims: object[.victims], requests: object[.requests],
            noContact: object[.noContact], weights: weights ?? Weights())
    }

    /// The instance as a file in the format `onderdak-instance/1`; equal instances give the same bytes.
    public func json() -> [UInt8] {
        JSONWriter.text { writer in
            writer.object { writer in
                writer.member(Key.format, FileFormat.instance.rawValue)
                writer.member(Key.name, name)
                writer.member(Key.horizon, horizon)
                writer.member(Key.rules, moveLimits)
                writer.member(Key.regions, regions)
                writer.member(Key.travelMinutes, travelTimes)
                writer.member(Key.shelters, shelters)
                writer.member(Key.units, units)
                writer.member(Key.funders, funders)
                writer.member(Key.victims, victims)
                writer.member(Key.requests, requests)
                writer.member(Key.noContact, noContact)
                writer.member(Key.weights, weights)
            }
        }
    }

    private enum Key: Int, JSONKey {
        case format, name, horizon, rules, regions, travelMinutes, shelters, units, funders, victims, requests
        case noContact, weights
    }
}

/// The formats of files that Onderdak reads and writes, by the text under their key `format`.
enum FileFormat: String {
    case instance = "onderdak-instance/1"
    case plan = "onderdak-plan/1"

    /// Checks that a file says it is of this format, before any other key of it is looked at.
    func check(_ file: JSONReader) throws(InvalidInput) {
        var file = file
        var format = try file.object(Key.self).reader(of: .format)
        let start = format
        if try format.text() != rawValue { throw start.wrongType("\"\(rawValue)\"") }
    }

    private enum Key: Int, JSONKey {
        case format
        static let ignoresUnknownKeys = true
    }
}
