import CareChain
import Foundation

/// Finds out what a type is decoded from, by letting it decode itself from a decoder that gives samples and takes notes.
///
/// It understands types whose decoding the compiler writes: structures of texts, numbers, dates, words, lists and other
/// structures. One that checks values while it decodes would stumble over the samples, so checks belong into operations.
struct ShapeProbe {
    /// The shape of a type.
    static func shape<Value: Decodable>(of type: Value.Type) -> Shape {
        do {
            return try probe(type).shape
        } catch {
            // A mistake in the program that no input causes; every type is probed when the server starts, and by a test.
            preconditionFailure("\(type) cannot be probed: \(error)")
        }
    }

    fileprivate static func probe<Value: Decodable>(_ type: Value.Type) throws -> (sample: Value, shape: Shape) {
        for (sample, shape) in samples {
            if let sample = sample as? Value, Swift.type(of: sample) == type { return (sample, shape) }
        }
        if let words = type as? any CaseIterable.Type, let (sample, names) = firstWord(words, as: type) {
            return (sample, .word(names))
        }
        let notes = Notes()
        let sample = try Value(from: ProbingDecoder(notes: notes))
        return (sample, notes.list.map { .list($0) } ?? .object(notes.fields))
    }

    private static let samples: [(any Sendable, Shape)] =
        [
            ("", .string), (0, .integer), (0.0, .number), (false, .boolean), (Date(timeIntervalSince1970: 0), .instant),
        ] + (CalendarDate("2026-01-05").map { [($0, .date)] } ?? [])

    private static func firstWord<Words: CaseIterable, Value>(
        _ words: Words.Type, as type: Value.Type
    ) -> (Value, [String])? {
        let names = Words.allCases.compactMap { ($0 as? any RawRepresentable<String>)?.rawValue }
        guard names.count == Words.allCases.count, let first = Words.allCases.first as? Value else { return nil }
        return (first, names)
    }
}

private final class Notes {
    var fields: [Shape.Field] = []
    var list: Shape?
}

private struct ProbingDecoder: Decoder {
    let notes: Notes
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(ProbingFields<Key>(notes: notes))
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer { ProbingList(notes: notes) }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { throw Unprobeable() }
}

/// Told of a type that decodes itself in a way that tells nothing.
private struct Unprobeable: Error {}

private struct ProbingFields<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let notes: Notes
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { true }
    func decodeNil(forKey key: Key) -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try note(type, key, isRequired: true)
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        try note(type, key, isRequired: false)
    }

    // The compiler calls these for what the standard library has overloads of.
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        try note(type, key, isRequired: false)
    }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try note(type, key, isRequired: false) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
        try note(type, key, isRequired: false)
    }
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try note(type, key, isRequired: false) }

    private func note<Value: Decodable>(_ type: Value.Type, _ key: Key, isRequired: Bool) throws -> Value {
        let (sample, shape) = try ShapeProbe.probe(type)
        notes.fields.append(Shape.Field(name: key.stringValue, shape: shape, isRequired: isRequired))
        return sample
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> { throw Unprobeable() }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw Unprobeable() }
    func superDecoder() throws -> any Decoder { throw Unprobeable() }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw Unprobeable() }
}

private struct ProbingList: UnkeyedDecodingContainer {
    let notes: Notes
    var codingPath: [any CodingKey] { [] }
    var count: Int? { 1 }
    var isAtEnd: Bool { currentIndex > 0 }
    var currentIndex = 0

    mutating func decodeNil() -> Bool { false }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (sample, shape) = try ShapeProbe.probe(type)
        notes.list = shape
        currentIndex += 1
        return sample
    }

    init(notes: Notes) {
        self.notes = notes
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> { throw Unprobeable() }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { throw Unprobeable() }
    mutating func superDecoder() throws -> any Decoder { throw Unprobeable() }
}
