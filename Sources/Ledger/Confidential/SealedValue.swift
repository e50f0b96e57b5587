import Crypto
import Foundation

/// A confidential text as the database holds it.
struct SealedValue {
    /// The key's name.
    let keyID: String
    /// Nonce, text and tag of AES-256-GCM.
    let ciphertext: Data

    /// Seals a text for a place; a copy in another place does not open.
    init(_ text: String, for place: SealedPlace, with keys: KeyRing) throws {
        let key = keys.current
        let box = try AES.GCM.seal(Data(text.utf8), using: key.values, authenticating: place.bound(to: key.id))
        // Only a nonce of another length than the usual has no combined form.
        guard let combined = box.combined else { throw KeyProblem.forged(place.description) }
        keyID = key.id
        ciphertext = combined
    }

    init(keyID: String, ciphertext: Data) {
        self.keyID = keyID
        self.ciphertext = ciphertext
    }

    /// The text.
    ///
    /// - Throws: ``KeyProblem``; `unknown`, `forged`.
    func open(in place: SealedPlace, with keys: KeyRing) throws(KeyProblem) -> String {
        let key = try keys.key(keyID)
        do {
            let box = try AES.GCM.SealedBox(combined: ciphertext)
            let text = try AES.GCM.open(box, using: key.values, authenticating: place.bound(to: keyID))
            return String(decoding: text, as: UTF8.self)
        } catch {
            throw .forged(place.description)
        }
    }
}

/// Where a confidential text belongs.
enum SealedPlace: CustomStringConvertible {
    case field(victim: String, category: String, field: String, reportedBy: String)
    case address(shelter: String)
    case webhook(String)

    /// What the ciphertext is bound to: the place and the key's name, each part ended by a NUL, which no identifier holds.
    func bound(to keyID: String) -> Data {
        let parts =
            switch self {
            case .field(let victim, let category, let field, let reportedBy): [victim, category, field, reportedBy]
            case .address(let shelter): ["shelter", shelter]
            case .webhook(let webhook): ["webhook", webhook]
            }
        return Data((["onderdak/1", keyID] + parts).map { $0 + "\0" }.joined().utf8)
    }

    var description: String {
        switch self {
        case .field(let victim, _, let field, _): "\(field) of victim \(victim)"
        case .address(let shelter): "the address of shelter \(shelter)"
        case .webhook(let webhook): "the secret of webhook \(webhook)"
        }
    }
}
