import Crypto
import Foundation

/// The seals of the audit trail: HMAC-SHA-256 with a key that the database does not have, in Base64.
///
/// Each entry has two: one of what it says, and one that ties this to its number, its place in the day and the link before.
/// So a difference is found at the entry where it is, and what it is can be told: a changed entry does not match the
/// first, one in another's place matches the other's.
struct AuditChain {
    private let key: KeyRing.Key

    init(_ key: KeyRing.Key) { self.key = key }

    /// The seal of what an entry says, as ``AuditEntry/content`` writes it.
    func seal(content: String) -> String { mac("entry", content) }

    /// The seal of an entry's place.
    func link(day: String, position: Int, entry: Int, content: String, after previous: String) -> String {
        mac("link", "\(day) \(position) \(entry) \(content) \(previous)")
    }

    /// The seal of a seal, tied to the one before.
    func seal(_ seal: AuditSeal, after previous: String) -> String {
        mac(
            "seal",
            "\(seal.number) \(seal.microseconds) \(seal.day) \(seal.entries) \(seal.chain) \(seal.upTo) \(previous)")
    }

    private func mac(_ purpose: String, _ message: String) -> String {
        let mac = HMAC<SHA256>.authenticationCode(for: Data("\(purpose)\0\(message)".utf8), using: key.trail)
        return Data(mac).base64EncodedString()
    }
}

/// How far the chain of a day reached when it was sealed.
struct AuditSeal {
    let number: Int
    let microseconds: Int
    let day: String
    let entries: Int
    let chain: String
    let upTo: Int
    let keyID: String
}
