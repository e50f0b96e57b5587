/// A place in a JSON text from which typed values are read, without a tree between text and values.
///
/// The text has been checked by ``JSONSyntax``, so what is left to refuse is a value of another type than expected. The
/// path of such an error is found by ``JSONPath`` from the position when it happens; reading keeps no path.
struct JSONReader {
    /// The whole text.
    let bytes: [UInt8]
    /// The first byte of the value to be read next.
    var position: Int

    /// Makes a reader of a text's one value.
    ///
    /// - Throws: ``InvalidInput`` when the text is not JSON.
    init(_ bytes: [UInt8]) throws(InvalidInput) {
        try JSONSyntax.check(bytes)
        self.bytes = bytes
        position = 0
        skipWhitespace()
    }

    /// Makes a reader of the value that begins at an offset of a checked text.
    init(checked bytes: [UInt8], at offset: Int) {
        self.bytes = bytes
        position = offset
    }

    /// The first byte of the value.
    var first: UInt8 { bytes[position] }

    /// Whether the value is null.
    var isNull: Bool { first == UInt8(ascii: "n") }

    /// Reads a whole number.
    mutating func integer() throws(InvalidInput) -> Int {
        let start = position
        let isNegative = first == UInt8(ascii: "-")
        var cursor = isNegative ? start + 1 : start
        guard cursor < bytes.count, bytes[cursor].isDigit else { throw wrongType("a whole number") }
        var value = 0
        while cursor < bytes.count, bytes[cursor].isDigit {
            let digit = Int(bytes[cursor] - UInt8(ascii: "0"))
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (sum, passed) =
                isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            if overflowed || passed { throw wrongType("a whole number of at most 64 bits") }
            value = sum
            cursor += 1
        }
        if cursor < bytes.count, bytes[cursor] == UInt8(ascii: ".") || bytes[cursor] | 0x20 == UInt8(ascii: "e") {
            throw wrongType("a whole number, written without a fraction or exponent")
        }
        position = cursor
        return value
    }

    /// Reads a number with or without a fraction.
    mutating func number() throws(InvalidInput) -> Double {
        guard first.isDigit || first == UInt8(ascii: "-") else { throw wrongType("a number") }
        let start = position
        skip()
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
            position = start
            throw wrongType("a number that fits 64 bits")
        }
        return value
    }

    /// Reads true or false.
    mutating func boolean() throws(InvalidInput) -> Bool {
        guard first == UInt8(ascii: "t") || first == UInt8(ascii: "f") else { throw wrongType("true or false") }
        let value = first == UInt8(ascii: "t")
        skip()
        return value
    }

    /// Reads a text.
    mutating func text() throws(InvalidInput) -> String {
        guard first == UInt8(ascii: "\"") else { throw wrongType("a text") }
        let start = position + 1
        var end = start
        while bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "\\") { end += 1 }
        if bytes[end] == UInt8(ascii: "\\") { return escapedText(from: start) }
        position = end + 1
        return bytes.withUnsafeBufferPointer { String(decoding: $0[start..<end], as: UTF8.self) }
    }

    private mutating func escapedText(from start: Int) -> String {
        var text = ""
        var units: [UInt16] = []
        var cursor = start
        var plain = start
        func codeUnit(at offset: Int) -> UInt16 {
            bytes[offset..<offset + 4].reduce(0) { $0 << 4 | UInt16($1.hexDigit ?? 0) }
        }
        while bytes[cursor] != UInt8(ascii: "\"") {
            guard bytes[cursor] == UInt8(ascii: "\\") else {
                cursor += 1
                continue
            }
            text += String(decoding: bytes[plain..<cursor], as: UTF8.self)
            switch bytes[cursor + 1] {
            case UInt8(ascii: "u"):
                // A pair of surrogates stands in two escapes next to each other.
                units = [codeUnit(at: cursor + 2)]
                cursor += 6
                if UTF16.isLeadSurrogate(units[0]) {
                    units.append(codeUnit(at: cursor + 2))
                    cursor += 6
                }
                text += String(decoding: units, as: UTF16.self)
            case let letter:
                text.unicodeScalars.append(Self.escapes[letter] ?? Unicode.Scalar(letter))
                cursor += 2
            }
            plain = cursor
        }
        text += String(decoding: bytes[plain..<cursor], as: UTF8.self)
        position = cursor + 1
        return text
    }

    private static let escapes: [UInt8: Unicode.Scalar] = [
        UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r",
        UInt8(ascii: "t"): "\t",
    ]

    /// Reads a list, its elements by a function.
    mutating func list<Element>(
        _ element: (inout JSONReader) throws(InvalidInput) -> Element
    ) throws(InvalidInput) -> [Element] {
        guard first == UInt8(ascii: "[") else { throw wrongType("a list") }
        var elements: [Element] = []
        while skipSeparator(until: UInt8(ascii: "]")) { elements.append(try element(&self)) }
        // An array that grew holds up to twice what it needs, which the many short lists of a large file would add up
        // to. Only pages that were touched count for a long one.
        if elements.capacity > elements.count, elements.capacity * MemoryLayout<Element>.stride < 1 << 16 {
            return elements.withUnsafeBufferPointer { Array($0) }
        }
        return elements
    }

    /// Reads an object with keys of any name, each value by a function.
    mutating func members<Value>(
        _ value: (String, inout JSONReader) throws(InvalidInput) -> Value
    ) throws(InvalidInput) -> [Value] {
        guard first == UInt8(ascii: "{") else { throw wrongType("an object") }
        var values: [Value] = []
        var seen: Set<String> = []
        while skipSeparator(until: UInt8(ascii: "}")) {
            let start = position
            let key = try text()
            if !seen.insert(key).inserted { throw duplicate(key, at: start) }
            skipColon()
            values.append(try value(key, &self))
        }
        return values
    }

    /// Skips the bracket or comma before an element or key; false when it skipped the closing bracket instead.
    mutating func skipSeparator(until end: UInt8) -> Bool {
        skipWhitespace()
        if bytes[position] == end {
            position += 1
            return false
        }
        position += 1
        skipWhitespace()
        if bytes[position] == end {
            position += 1
            return false
        }
        return true
    }

    /// Skips the colon between a key and its value.
    mutating func skipColon() {
        skipWhitespace()
        position += 1
        skipWhitespace()
    }

    mutating func skipWhitespace() {
        while position < bytes.count, bytes[position].isJSONWhitespace { position += 1 }
    }

    /// Skips the value.
    mutating func skip() {
        var depth = 0
        repeat {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                while bytes[position] != UInt8(ascii: "\"") {
                    position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
                }
                position += 1
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
                UInt8(ascii: "\t"):
                position += 1
            default: skipWord()
            }
        } while depth > 0
    }

    /// Skips a number, true, false or null.
    private mutating func skipWord() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: " "), UInt8(ascii: "\n"),
                UInt8(ascii: "\r"), UInt8(ascii: "\t"):
                return
            default: position += 1
            }
        }
    }

    /// The error of a value that is not what is expected.
    func wrongType(_ expected: String) -> InvalidInput {
        error("\(excerpt) is not \(expected)")
    }

    /// An error of the value to be read next.
    func error(_ problem: String) -> InvalidInput {
        InvalidInput(path: JSONPath.path(of: position, in: bytes), problem: problem)
    }

    /// The error of a key at an offset that stood in its object before.
    func duplicate(_ key: String, at offset: Int) -> InvalidInput {
        InvalidInput(
            path: JSONPath.path(of: offset, in: bytes), problem: "the key \(Self.quoted(key)) is given twice")
    }

    /// The value as people may recognise it: its text when it is short.
    private var excerpt: String {
        switch first {
        case UInt8(ascii: "{"): return "an object"
        case UInt8(ascii: "["): return "a list"
        default:
            var end = self
            end.skip()
            let text = String(decoding: bytes[position..<end.position], as: UTF8.self)
            return text.count <= Self.excerptLength ? text : "\(text.prefix(Self.excerptLength))…"
        }
    }

    private static let excerptLength = 40

    /// A text in quotes, shortened when it is long.
    static func quoted(_ text: String) -> String {
        text.count <= excerptLength ? "\"\(text)\"" : "\"\(text.prefix(excerptLength))…\""
    }
}
