public import Foundation

extension Data: PostgresValue {
    /// `bytea`.
    public static var postgresType: PostgresType { .bytea }

    /// PostgreSQL's hex format, `\x00ff`.
    public var postgresText: String {
        var digits: [UInt8] = Array("\\x".utf8)
        digits.reserveCapacity(2 + 2 * count)
        for byte in self {
            digits.append(Self.digit(byte >> 4))
            digits.append(Self.digit(byte & 15))
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// Reads PostgreSQL's hex format.
    public init?(postgresText: String) {
        let digits = postgresText.utf8
        guard digits.starts(with: "\\x".utf8), digits.count.isMultiple(of: 2) else { return nil }
        self.init(capacity: digits.count / 2 - 1)
        var high: UInt8?
        for digit in digits.dropFirst(2) {
            guard let value = Character(UnicodeScalar(digit)).hexDigitValue.map({ UInt8($0) }) else { return nil }
            if let first = high {
                append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
