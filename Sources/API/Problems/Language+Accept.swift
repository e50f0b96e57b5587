import CareChain

extension Language {
    /// The language that `Accept-Language` prefers (RFC 9110, 12.5.4); English when it says nothing that is spoken here.
    init(acceptLanguage: String?) {
        var best: (language: Language, weight: Double) = (.english, 0)
        for range in (acceptLanguage ?? "").split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.trimmingPrefix(while: \.isWhitespace) }
            guard let tag = parts.first?.prefix(while: { $0 != "-" && !$0.isWhitespace }) else { continue }
            let weight = parts.dropFirst().first.flatMap { $0.hasPrefix("q=") ? Double($0.dropFirst(2)) : nil } ?? 1
            guard let language = Language(rawValue: tag.lowercased()), weight > best.weight else { continue }
            best = (language, weight)
        }
        self = best.language
    }
}
