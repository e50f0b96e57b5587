/// The keys of one kind of object. A key's raw value is its place among them, its name that of the case.
protocol JSONKey: CodingKey, CaseIterable, RawRepresentable where RawValue == Int {
    /// Whether keys that the definition does not know are passed over instead of refused.
    static var ignoresUnknownKeys: Bool { get }
}

extension JSONKey {
    static var ignoresUnknownKeys: Bool { false }
}

/// An object of which the places of the values are known, so that they can be read in any order.
struct JSONObject<Key: JSONKey> {
    /// The most keys that one kind of object has.
    private typealias Offsets = InlineArray<16, Int>

    private let bytes: [UInt8]
    private let start: Int
    private var offsets = Offsets(repeating: -1)

    /// Passes over an object and notes where its values are.
    ///
    /// - Throws: ``InvalidInput`` when it is no object, a key is unknown or given twice.
    fileprivate init(_ reader: inout JSONReader) throws(InvalidInput) {
        guard reader.first == UInt8(ascii: "{") else { throw reader.wrongType("an object") }
        bytes = reader.bytes
        start = reader.position
        while reader.skipSeparator(until: UInt8(ascii: "}")) {
            let keyOffset = reader.position
            let name = try reader.text()
            reader.skipColon()
            if let key = Key(stringValue: name) {
                if offsets[key.rawValue] >= 0 { throw reader.duplicate(name, at: keyOffset) }
                offsets[key.rawValue] = reader.position
            } else if !Key.ignoresUnknownKeys {
                let known = Key.allCases.map(\.stringValue).joined(separator: ", ")
                reader.position = keyOffset
                throw reader.error("\(JSONReader.quoted(name)) is not one of its keys (\(known))")
            }
            reader.skip()
        }
    }

    /// The value of a key that must be there.
    subscript<Value: JSONConvertible>(key: Key) -> Value {
        get throws(InvalidInput) {
            var reader = try self.reader(of: key)
            return try Value(from: &reader)
        }
    }

    /// A reader of the value of a key that must be there.
    func reader(of key: Key) throws(InvalidInput) -> JSONReader {
        guard let reader = readerIfGiven(of: key) else {
            throw JSONReader(checked: bytes, at: start).error("the key \"\(key.stringValue)\" is missing")
        }
        return reader
    }

    /// A reader of the value of a key, nil when the key is left out.
    func readerIfGiven(of key: Key) -> JSONReader? {
        let offset = offsets[key.rawValue]
        return offset < 0 ? nil : JSONReader(checked: bytes, at: offset)
    }

    /// The value of a key that may be left out; null is the same as left out.
    func optional<Value: JSONConvertible>(_ key: Key) throws(InvalidInput) -> Value? {
        guard var reader = readerIfGiven(of: key), !reader.isNull else { return nil }
        return try Value(from: &reader)
    }

    /// The value of a key that must be there and may be null.
    func nullable<Value: JSONConvertible>(_ key: Key) throws(InvalidInput) -> Value? {
        var reader = try self.reader(of: key)
        return reader.isNull ? nil : try Value(from: &reader)
    }

    /// The range of days between two keys that must be there.
    func days(_ from: Key, _ until: Key) throws(InvalidInput) -> Range<Day> {
        let (first, end): (Day, Day) = (try self[from], try self[until])
        guard first <= end else {
            throw try reader(of: until).error("\(end) is before \(from.stringValue) \(first)")
        }
        return first..<end
    }
}

extension JSONReader {
    /// Passes over an object and notes where the values of its keys are.
    mutating func object<Key: JSONKey>(_ keys: Key.Type = Key.self) throws(InvalidInput) -> JSONObject<Key> {
        try JSONObject(&self)
    }
}
