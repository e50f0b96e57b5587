import Crypto
import Foundation

/// The keys of what is confidential: one that seals now, and earlier ones that what was sealed before needs.
///
/// They are 256 bits of chance each and are kept outside the database. From each, one key is derived for values
/// (AES-256-GCM) and one for the audit trail (HMAC-SHA-256), by HKDF (RFC 5869).
public struct KeyRing: Sendable {
    /// A key and the name under which what it sealed remembers it.
    struct Key: Sendable {
        let id: String
        let values: SymmetricKey
        let trail: SymmetricKey
    }

    /// The key that seals.
    let current: Key
    private let all: [String: Key]

    /// Reads keys, one on a line: its name, a space, and its 32 bytes in Base64. The first is the one that seals. Empty
    /// lines and lines that begin with `#` are passed over.
    ///
    /// - Throws: ``KeyProblem``
    public init(_ text: String) throws(KeyProblem) {
        var keys: [Key] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let fields = line.split(whereSeparator: \.isWhitespace)
            if fields.isEmpty || fields[0].hasPrefix("#") { continue }
            guard fields.count == 2, let bytes = Data(base64Encoded: String(fields[1])), bytes.count == 32 else {
                throw .unreadable(line: index + 1)
            }
            let id = String(fields[0])
            guard !keys.contains(where: { $0.id == id }) else { throw .twice(id) }
            keys.append(Key(id: id, bytes: bytes))
        }
        guard let first = keys.first else { throw .none }
        current = first
        all = Dictionary(uniqueKeysWithValues: keys.map { ($0.id, $0) })
    }

    /// A line with a new key, for the top of the list.
    public static func line(forNewKey id: String) -> String {
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        return "\(id) \(bytes.base64EncodedString())"
    }

    /// The name of the key that seals.
    public var currentID: String { current.id }

    /// Whether a key of that name is here.
    public func holds(_ id: String) -> Bool { all[id] != nil }

    /// The key of a name.
    ///
    /// - Throws: ``KeyProblem``; `unknown`.
    func key(_ id: String) throws(KeyProblem) -> Key {
        guard let key = all[id] else { throw .unknown(id) }
        return key
    }
}

extension KeyRing.Key {
    fileprivate init(id: String, bytes: Data) {
        let key = SymmetricKey(data: bytes)
        func derived(_ purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Data("onderdak/1/\(purpose)".utf8), outputByteCount: 32)
        }
        self.init(id: id, values: derived("values"), trail: derived("trail"))
    }
}

/// Why keys cannot be used. No description holds a key.
public enum KeyProblem: Error, Sendable, Equatable {
    /// There is no key.
    case none
    /// A line is not a name and 32 bytes in Base64.
    case unreadable(line: Int)
    /// Two keys have one name.
    case twice(String)
    /// A value or an entry was sealed with a key that is not here.
    case unknown(String)
    /// A value is not what was sealed: it was changed, or belongs elsewhere.
    case forged(String)
}

extension KeyProblem: CustomStringConvertible {
    /// A sentence for people that says what was wrong and what to do.
    public var description: String {
        switch self {
        case .none: "there is no key: onderdak keys generate makes one"
        case .unreadable(let line): "line \(line) of the keys is not a name, a space and 32 bytes in Base64"
        case .twice(let id): "two keys are named \(id)"
        case .unknown(let id):
            "key \(id) is missing: keep every key until onderdak keys rotate is through and the trail it sealed is not needed"
        case .forged(let place):
            "\(place) does not open with its key: it was changed, or was sealed for another place or with another key of "
                + "that name"
        }
    }
}
