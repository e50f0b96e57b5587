import CareChain
import Foundation

extension JSONTree {
    /// The tree as YAML that every reader takes for the same values: texts in quotation marks, so that none is a date, a
    /// number or a word for true. (Yams writes the key '200' as a number.)
    var yaml: String {
        var text = ""
        write(to: &text, indent: 0)
        return text
    }

    private func write(to text: inout String, indent: Int) {
        let margin = String(repeating: "  ", count: indent)
        switch self {
        case .object(let members) where !members.isEmpty:
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                text += "\(margin)\(Self.key(key)):"
                value.writeValue(to: &text, indent: indent + 1)
            }
        case .list(let elements) where !elements.isEmpty:
            for element in elements {
                text += "\(margin)-"
                element.writeValue(to: &text, indent: indent + 1)
            }
        default: text += margin + scalar + "\n"
        }
    }

    private func writeValue(to text: inout String, indent: Int) {
        if members.isEmpty && elements.isEmpty {
            text += " \(scalar)\n"
        } else {
            text += "\n"
            write(to: &text, indent: indent)
        }
    }

    private var scalar: String {
        switch self {
        case .null: "null"
        case .boolean(let value): String(value)
        case .integer(let value): String(value)
        case .number(let value): String(value)
        case .text(let value): Self.quoted(value)
        case .list: "[]"
        case .object: "{}"
        }
    }

    private static func key(_ key: String) -> String {
        key.wholeMatch(of: /[a-zA-Z\/][a-zA-Z\/{}.\-]{3,}/) == nil ? quoted(key) : key
    }

    /// JSON's way of writing a text is one of YAML's.
    private static func quoted(_ text: String) -> String {
        let data = (try? JSONEncoder.api.encode(text)) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }
}
