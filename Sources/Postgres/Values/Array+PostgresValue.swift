/// A one-dimensional array; elements that may be NULL are Optionals. PostgreSQL refuses an array of arrays.
extension Array: PostgresNullable, PostgresValue where Element: PostgresNullable {
    /// The type of arrays of the element's type.
    public static var postgresType: PostgresType {
        PostgresType(oid: Element.postgresType.arrayOID, arrayOID: 0)
    }

    /// An array literal, every element quoted.
    public var postgresText: String {
        var literal = "{"
        for element in self {
            if literal.utf8.count > 1 { literal += "," }
            guard let text = element.postgresTextOrNull else {
                literal += "NULL"
                continue
            }
            literal += "\""
            for scalar in text.unicodeScalars {
                if scalar == "\"" || scalar == "\\" { literal += "\\" }
                literal.unicodeScalars.append(scalar)
            }
            literal += "\""
        }
        return literal + "}"
    }

    /// Reads an array literal.
    public init?(postgresText: String) {
        var reader = ArrayLiteralReader(postgresText)
        guard let elements = reader.elements() else { return nil }
        self.init()
        reserveCapacity(elements.count)
        for text in elements {
            guard let element = Element(postgresTextOrNull: text) else { return nil }
            append(element)
        }
    }
}

/// Reads array literals as PostgreSQL writes them (its manual, 8.15.6); `nil` stands for NULL.
private struct ArrayLiteralReader {
    private var rest: Substring.UnicodeScalarView

    init(_ literal: String) {
        rest = Substring(literal).unicodeScalars
    }

    mutating func elements() -> [String?]? {
        guard rest.popFirst() == "{" else { return nil }
        if rest.first == "}" { return rest.count == 1 ? [] : nil }
        var elements: [String?] = []
        while true {
            guard let element = element() else { return nil }
            elements.append(element)
            switch rest.popFirst() {
            case ",": continue
            case "}": return rest.isEmpty ? elements : nil
            default: return nil
            }
        }
    }

    /// The next element; `.some(.none)` for NULL, `.none` when there is none.
    private mutating func element() -> String?? {
        switch rest.first {
        case "\"": return quotedElement().map { .some($0) }
        case "{": return nil
        default:
            var text = String.UnicodeScalarView()
            while let scalar = rest.first, scalar != ",", scalar != "}" {
                text.append(scalar)
                rest.removeFirst()
            }
            if text.isEmpty { return nil }
            return .some(String(text) == "NULL" ? nil : String(text))
        }
    }

    private mutating func quotedElement() -> String? {
        rest.removeFirst()
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return String(text)
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                text.append(escaped)
            default: text.append(scalar)
            }
        }
        return nil
    }
}
