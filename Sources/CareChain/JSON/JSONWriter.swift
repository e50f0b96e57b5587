/// Writes JSON in a fixed layout, so that the same value always gives the same bytes.
///
/// The members of the outermost object and the elements of its lists have a line each; everything below is compact.
struct JSONWriter {
    /// What has been written.
    private(set) var bytes: [UInt8] = []
    private var depth = 0
    private var isFirst = true

    /// Writes a whole text by a function; it ends with a line feed.
    static func text(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        write(&writer)
        writer.bytes.append(UInt8(ascii: "\n"))
        return writer.bytes
    }

    /// Writes an object.
    mutating func object(_ members: (inout JSONWriter) -> Void) {
        open("{")
        members(&self)
        close("}", onNewLine: depth == 1)
    }

    /// Writes a list.
    mutating func list<Element>(_ elements: [Element], _ write: (inout JSONWriter, Element) -> Void) {
        open("[")
        for element in elements {
            separate(onNewLine: depth == 2)
            write(&self, element)
        }
        close("]", onNewLine: depth == 2)
    }

    /// Writes a member of an object; nothing when there is no value.
    mutating func member(_ key: some CodingKey, _ value: (some JSONConvertible)?) {
        if let value { member(key) { value.write(to: &$0) } }
    }

    /// Writes a member of an object, null when there is no value.
    mutating func nullableMember(_ key: some CodingKey, _ value: (some JSONConvertible)?) {
        member(key) { writer in
            if let value { value.write(to: &writer) } else { writer.raw("null") }
        }
    }

    /// Writes a member of an object by a function.
    mutating func member(_ key: some CodingKey, _ write: (inout JSONWriter) -> Void) {
        member(named: key.stringValue, write)
    }

    /// Writes a member with a key of any name.
    mutating func member(named name: String, _ write: (inout JSONWriter) -> Void) {
        separate(onNewLine: depth == 1)
        text(name)
        raw(":")
        write(&self)
    }

    /// Writes a text, escaped where JSON demands it.
    mutating func text(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): raw("\\\"")
            case UInt8(ascii: "\\"): raw("\\\\")
            case UInt8(ascii: "\n"): raw("\\n")
            case UInt8(ascii: "\t"): raw("\\t")
            case 0..<0x20: raw("\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))")
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes what is JSON already.
    mutating func raw(_ json: String) {
        bytes.append(contentsOf: json.utf8)
    }

    private mutating func open(_ bracket: String) {
        raw(bracket)
        depth += 1
        isFirst = true
    }

    private mutating func close(_ bracket: String, onNewLine: Bool) {
        depth -= 1
        if onNewLine, !isFirst { newLine() }
        raw(bracket)
        isFirst = false
    }

    private mutating func separate(onNewLine: Bool) {
        if !isFirst { raw(",") }
        if onNewLine { newLine() }
        isFirst = false
    }

    private mutating func newLine() {
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth))
    }
}
