import CareChain

/// Parts of sentences.
enum Words {
    static func list(_ words: [String]) -> String { words.joined(separator: ", ") }

    static func list(_ ids: [VictimID]) -> String { list(ids.map(\.text)) }

    static func range(_ range: ClosedRange<Int>, _ to: String) -> String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) \(to) \(range.upperBound)"
    }

    static func bounds(_ least: Int, _ most: Int?, _ atLeast: String, _ atMost: String) -> String {
        ((least > 1 ? ["\(atLeast) \(least)"] : []) + (most.map { ["\(atMost) \($0)"] } ?? [])).joined(separator: ", ")
    }

    /// A number of people for whom a unit is not.
    static func group(_ size: Int) -> Sentence {
        size == 1
            ? Sentence(english: "not for one alone", dutch: "niet voor één alleen")
            : Sentence(english: "not for \(size) together", dutch: "niet voor \(size) samen")
    }

    static func dutch(_ sex: Sex) -> String {
        switch sex {
        case .female: "vrouw"
        case .male: "man"
        case .x: "x"
        }
    }

    /// A day with its number, which files go by, and its date, which people go by.
    static func day(_ day: Day, _ horizon: Horizon) -> Sentence {
        Sentence(english: "day \(day) (\(horizon.date(of: day)))", dutch: "dag \(day) (\(horizon.date(of: day)))")
    }

    /// So many days.
    static func days(_ count: Int) -> Sentence {
        Sentence(
            english: count == 1 ? "1 day" : "\(count) days", dutch: count == 1 ? "1 dag" : "\(count) dagen")
    }
}
