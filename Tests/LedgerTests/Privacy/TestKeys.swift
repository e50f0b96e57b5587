import Ledger

/// Keys for tests; 32 bytes that are no secret.
enum TestKeys {
    static let lines = [
        "k1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "k2 ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=",
    ]
    static let first = ring([lines[0]])
    /// The second seals, the first is still there.
    static let second = ring([lines[1], lines[0]])

    static func ring(_ lines: [String]) -> KeyRing {
        do {
            return try KeyRing(lines.joined(separator: "\n"))
        } catch {
            preconditionFailure("the keys of the tests: \(error)")
        }
    }
}
