import CareChain
import Foundation

extension Shape {
    /// What is wrong with some JSON, each with the pointer (RFC 6901) to where; empty when it is of this shape.
    func faults(in tree: JSONTree, at pointer: String = "") -> [Problem.Fault] {
        switch (self, tree) {
        // PostgreSQL keeps every text but one with U+0000 in it.
        case (.string, .text(let text)) where !text.utf8.contains(0): return []
        case (.integer, .integer), (.number, .integer), (.number, .number), (.boolean, .boolean):
            return []
        case (.date, .text(let text)) where CalendarDate(text) != nil: return []
        case (.instant, .text(let text)) where Date(rfc3339: text) != nil: return []
        case (.word(let words), .text(let text)) where words.contains(text): return []
        case (.list(let element), .list(let list)):
            return list.enumerated().flatMap { element.faults(in: $1, at: "\(pointer)/\($0)") }
        case (.object(let fields), .object(let members)):
            let known = Set(fields.map(\.name))
            let unknown = members.keys.filter { !known.contains($0) }.sorted().map { name in
                Problem.Fault(
                    code: .unknownField, pointer: pointer + "/" + name.pointerToken,
                    detail: Sentence(english: "there is no such field", dutch: "zo'n veld is er niet"))
            }
            return unknown
                + fields.flatMap { field -> [Problem.Fault] in
                    let place = pointer + "/" + field.name.pointerToken
                    switch members[field.name] {
                    case nil where field.isRequired:
                        return [
                            Problem.Fault(
                                code: .missingField, pointer: place,
                                detail: Sentence(english: "this field must be there", dutch: "dit veld is verplicht"))
                        ]
                    case nil: return []
                    case let value?: return field.shape.faults(in: value, at: place)
                    }
                }
        default:
            return [Problem.Fault(code: .invalidField, pointer: pointer, detail: expectation)]
        }
    }

    /// What is expected, for people.
    var expectation: Sentence {
        switch self {
        case .string:
            Sentence(english: "a text without U+0000 is expected", dutch: "hier hoort een tekst zonder U+0000")
        case .integer: Sentence(english: "a whole number is expected", dutch: "hier hoort een geheel getal")
        case .number: Sentence(english: "a number is expected", dutch: "hier hoort een getal")
        case .boolean: Sentence(english: "true or false is expected", dutch: "hier hoort true of false")
        case .date: Sentence(english: "a date is expected: 2026-01-05", dutch: "hier hoort een datum: 2026-01-05")
        case .instant:
            Sentence(
                english: "an instant is expected: 2026-01-05T08:00:00+01:00",
                dutch: "hier hoort een tijdstip: 2026-01-05T08:00:00+01:00")
        case .word(let words):
            Sentence(
                english: "one of \(words.joined(separator: ", ")) is expected",
                dutch: "hier hoort een van \(words.joined(separator: ", "))")
        case .list: Sentence(english: "a list is expected", dutch: "hier hoort een lijst")
        case .object: Sentence(english: "an object is expected", dutch: "hier hoort een object")
        }
    }
}

extension String {
    /// The text as one token of a JSON pointer (RFC 6901, 3).
    var pointerToken: String { replacing("~", with: "~0").replacing("/", with: "~1") }
}

extension Date {
    /// Reads an instant of RFC 3339, with or without fractions of a second.
    init?(rfc3339 text: String) {
        let whole = Date.ISO8601FormatStyle()
        let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = (try? whole.parse(text)) ?? (try? fractional.parse(text)) else { return nil }
        self = date
    }
}
