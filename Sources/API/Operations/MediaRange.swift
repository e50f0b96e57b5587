import HTTPTypes

/// A media type, or a range of them, with its weight (RFC 9110, 12.5.1).
struct MediaRange {
    let name: String
    let weight: Double

    init(_ text: some StringProtocol) {
        let parts = text.split(separator: ";").map { String($0) }
        let type: String = parts.first ?? ""
        name = type.lowercased().filter { !$0.isWhitespace }
        let quality = parts.dropFirst().first { $0.drop(while: \.isWhitespace).hasPrefix("q=") }
        weight = quality.flatMap { Double($0.drop(while: { $0 != "=" }).dropFirst()) } ?? 1
    }

    /// Whether `Accept` takes a media type; without it, anything will do.
    static func accepts(_ field: String?, _ type: String) -> Bool {
        guard let field, !field.isEmpty else { return true }
        let kind = type.prefix { $0 != "/" }
        let names: Set = [type, "\(kind)/*", "*/*"]
        return field.split(separator: ",").map { MediaRange($0) }.contains { names.contains($0.name) && $0.weight > 0 }
    }

    /// Whether `Accept` names a media type itself.
    static func names(_ field: String?, _ type: String) -> Bool {
        (field ?? "").split(separator: ",").map { MediaRange($0) }.contains { $0.name == type && $0.weight > 0 }
    }
}
