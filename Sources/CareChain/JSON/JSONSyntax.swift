/// The grammar of RFC 8259, checked over a whole text before anything of it is read.
///
/// Our own reader, because Foundation's `JSONDecoder` takes `1.0` and `1e0` for integers where the formats want a JSON
/// integer, cannot refuse a key that is given twice, and builds a tree of many times the file's size. Checking the
/// grammar once, in one pass without a tree, lets ``JSONReader`` trust every byte it then reads.
///
/// Stricter than the grammar alone where that protects what we keep: texts are valid UTF-8 without lone surrogates, there
/// is no byte order mark, and nesting is limited.
package struct JSONSyntax {
    private let bytes: [UInt8]
    /// How deep objects and lists may nest, so that no text exhausts the stack.
    private let greatestDepth: Int
    private var position = 0

    /// The first error of a text: where, and what is wrong.
    package struct Fault: Error, Equatable {
        /// The sentence, with line and column, both from 1; a column is a Unicode scalar.
        package let sentence: Sentence
    }

    /// Checks a text.
    ///
    /// - Throws: ``InvalidInput`` with the line and column of the first error.
    package static func check(_ bytes: [UInt8]) throws(InvalidInput) {
        do {
            try read(bytes)
        } catch {
            throw InvalidInput(path: "", problem: error.sentence.english)
        }
    }

    /// Checks a text that somebody sent, whom the error is told in their language.
    ///
    /// - Throws: ``Fault``; the first error.
    package static func read(_ bytes: [UInt8], greatestDepth: Int = 512) throws(Fault) {
        var syntax = JSONSyntax(bytes: bytes, greatestDepth: greatestDepth)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw syntax.error(
                "a byte order mark; save the file as UTF-8 without one",
                "een byte order mark; bewaar het bestand als UTF-8 zonder")
        }
        syntax.skipWhitespace()
        try syntax.value(depth: 0)
        syntax.skipWhitespace()
        if syntax.position < bytes.count { throw syntax.unexpected("the end", "het einde") }
    }

    private init(bytes: [UInt8], greatestDepth: Int) {
        self.bytes = bytes
        self.greatestDepth = greatestDepth
    }

    /// The byte at the position; 0, which no rule of the grammar allows, at the end.
    private var next: UInt8 {
        position < bytes.count ? bytes[position] : 0
    }

    private mutating func skipWhitespace() {
        while position < bytes.count, bytes[position].isJSONWhitespace { position += 1 }
    }

    private mutating func value(depth: Int) throws(Fault) {
        switch next {
        case UInt8(ascii: "{"): try object(depth: depth + 1)
        case UInt8(ascii: "["): try list(depth: depth + 1)
        case UInt8(ascii: "\""): try text()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: throw unexpected("a value", "een waarde")
        }
    }

    private mutating func object(depth: Int) throws(Fault) {
        try enter(depth)
        if next == UInt8(ascii: "}") {
            position += 1
            return
        }
        while true {
            guard next == UInt8(ascii: "\"") else {
                throw unexpected("a key in double quotes", "een sleutel tussen dubbele aanhalingstekens")
            }
            try text()
            skipWhitespace()
            guard next == UInt8(ascii: ":") else { throw unexpected("\":\"", "\":\"") }
            position += 1
            skipWhitespace()
            try value(depth: depth)
            if try !hasMore(until: UInt8(ascii: "}")) { return }
        }
    }

    private mutating func list(depth: Int) throws(Fault) {
        try enter(depth)
        if next == UInt8(ascii: "]") {
            position += 1
            return
        }
        while true {
            try value(depth: depth)
            if try !hasMore(until: UInt8(ascii: "]")) { return }
        }
    }

    private mutating func enter(_ depth: Int) throws(Fault) {
        if depth > greatestDepth {
            throw error(
                "nested deeper than \(greatestDepth) levels", "meer dan \(greatestDepth) niveaus diep")
        }
        position += 1
        skipWhitespace()
    }

    private mutating func hasMore(until end: UInt8) throws(Fault) -> Bool {
        skipWhitespace()
        let byte = next
        guard byte == UInt8(ascii: ",") || byte == end else {
            let end = Character(Unicode.Scalar(end))
            throw unexpected("\",\" or \"\(end)\"", "\",\" of \"\(end)\"")
        }
        position += 1
        skipWhitespace()
        return byte != end
    }

    private mutating func word(_ word: StaticString) throws(Fault) {
        let start = position
        for offset in 0..<word.utf8CodeUnitCount {
            guard next == word.utf8Start[offset] else {
                position = start
                throw unexpected("a value", "een waarde")
            }
            position += 1
        }
    }

    private mutating func number() throws(Fault) {
        if next == UInt8(ascii: "-") { position += 1 }
        if next == UInt8(ascii: "0") {
            position += 1
            if next.isDigit { throw error("a number with a leading zero", "een getal met een nul vooraan") }
        } else {
            try digits()
        }
        if next == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if next | 0x20 == UInt8(ascii: "e") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
    }

    private mutating func digits() throws(Fault) {
        guard next.isDigit else { throw unexpected("a digit", "een cijfer") }
        while next.isDigit { position += 1 }
    }

    private mutating func text() throws(Fault) {
        position += 1
        while true {
            let byte = next
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return
            case UInt8(ascii: "\\"): try escape()
            case 0x20..<0x80: position += 1
            case 0x80...: try multiByteCharacter()
            default:
                throw position < bytes.count
                    ? error(
                        "a control character in a text; write it as an escape",
                        "een stuurteken in een tekst; schrijf het als escape")
                    : error(
                        "a text without its closing double quote",
                        "een tekst zonder dubbel aanhalingsteken aan het eind")
            }
        }
    }

    private mutating func escape() throws(Fault) {
        let start = position
        position += 1
        switch next {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        case UInt8(ascii: "u"):
            let unit = try codeUnit()
            if UTF16.isTrailSurrogate(unit) { throw halfAPair(at: start) }
            if UTF16.isLeadSurrogate(unit) {
                guard next == UInt8(ascii: "\\"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u")
                else { throw halfAPair(at: start) }
                position += 1
                guard UTF16.isTrailSurrogate(try codeUnit()) else { throw halfAPair(at: start) }
            }
        default: throw error("an unknown escape in a text", "een onbekende escape in een tekst", at: start)
        }
    }

    /// Reads `uXXXX`.
    private mutating func codeUnit() throws(Fault) -> UInt16 {
        position += 1
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = next.hexDigit else { throw unexpected("a hexadecimal digit", "een hexadecimaal cijfer") }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    /// Checks one character of two to four bytes by table 3-7 of the Unicode standard.
    private mutating func multiByteCharacter() throws(Fault) {
        let start = position
        let (length, second): (Int, ClosedRange<UInt8>)
        switch next {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw notUTF8(at: start)
        }
        position += 1
        for offset in 1..<length {
            guard (offset == 1 ? second : 0x80...0xBF).contains(next) else {
                throw notUTF8(at: start)
            }
            position += 1
        }
    }

    private func halfAPair(at offset: Int) -> Fault {
        error("half a surrogate pair", "een half surrogaatpaar", at: offset)
    }

    private func notUTF8(at offset: Int) -> Fault {
        error("bytes that are not UTF-8", "bytes die geen UTF-8 zijn", at: offset)
    }

    private func unexpected(_ english: String, _ dutch: String) -> Fault {
        guard position < bytes.count else {
            return error("the text ends where \(english) is expected", "de tekst eindigt waar \(dutch) hoort")
        }
        let byte = bytes[position]
        if (0x21..<0x7F).contains(byte) {
            let found = "\"\(Character(Unicode.Scalar(byte)))\""
            return error("\(found) where \(english) is expected", "\(found) waar \(dutch) hoort")
        }
        return error(
            "a byte of value \(byte) where \(english) is expected", "een byte met waarde \(byte) waar \(dutch) hoort")
    }

    private func error(_ english: String, _ dutch: String) -> Fault {
        error(english, dutch, at: position)
    }

    /// An error at an offset, told by line and column.
    private func error(_ english: String, _ dutch: String, at offset: Int) -> Fault {
        let before = bytes[..<offset]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let column = bytes[lineStart..<offset].count { $0 & 0xC0 != 0x80 } + 1
        return Fault(
            sentence: Sentence(
                english: "line \(line), column \(column): \(english)", dutch: "regel \(line), kolom \(column): \(dutch)"
            ))
    }
}

extension UInt8 {
    /// Whether it is white space of JSON.
    var isJSONWhitespace: Bool {
        self == UInt8(ascii: " ") || self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r")
            || self == UInt8(ascii: "\t")
    }

    /// Whether it is a decimal digit.
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    /// The value of a hexadecimal digit; nil for anything else.
    var hexDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
