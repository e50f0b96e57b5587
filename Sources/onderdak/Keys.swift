import Foundation
import Ledger

/// The keys of what is confidential, from the environment.
enum Keys {
    /// Reads the file that ONDERDAK_KEY_FILE names, or else ONDERDAK_KEY itself.
    static func fromEnvironment() throws(Failure) -> KeyRing {
        guard let keys = try ifGiven() else {
            throw Failure(
                status: .failed,
                sentence: "this needs the keys: ONDERDAK_KEY_FILE names a file of them, or ONDERDAK_KEY holds one; "
                    + "onderdak keys generate makes one")
        }
        return keys
    }

    /// Reads them likewise; nil when neither is set.
    static func ifGiven() throws(Failure) -> KeyRing? {
        let environment = ProcessInfo.processInfo.environment
        let text: String
        if let path = environment["ONDERDAK_KEY_FILE"], !path.isEmpty {
            text = String(decoding: try InputFile.bytes(path), as: UTF8.self)
        } else if let keys = environment["ONDERDAK_KEY"], !keys.isEmpty {
            // In one line of the environment, commas stand between keys.
            text = keys.replacing(",", with: "\n")
        } else {
            return nil
        }
        do {
            return try KeyRing(text)
        } catch {
            throw Failure(status: .badData, sentence: "the keys cannot be used: \(error)")
        }
    }
}
