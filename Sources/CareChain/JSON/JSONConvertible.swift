/// What can be read from JSON and written as JSON.
protocol JSONConvertible {
    /// Reads a value.
    init(from reader: inout JSONReader) throws(InvalidInput)
    /// Writes the value.
    func write(to writer: inout JSONWriter)
}

extension Int: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) { self = try reader.integer() }
    func write(to writer: inout JSONWriter) { writer.raw(String(self)) }
}

extension Double: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) { self = try reader.number() }
    func write(to writer: inout JSONWriter) { writer.raw(description) }
}

extension Bool: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) { self = try reader.boolean() }
    func write(to writer: inout JSONWriter) { writer.raw(description) }
}

extension String: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) { self = try reader.text() }
    func write(to writer: inout JSONWriter) { writer.text(self) }
}

extension Array: JSONConvertible where Element: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        self = try reader.list { reader throws(InvalidInput) in try Element(from: &reader) }
    }
    func write(to writer: inout JSONWriter) { writer.list(self) { $1.write(to: &$0) } }
}

extension RawRepresentable where Self: JSONConvertible, Self: CaseIterable, RawValue == String {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let start = reader
        guard let value = Self(rawValue: try reader.text()) else {
            throw start.wrongType("one of \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self = value
    }
    func write(to writer: inout JSONWriter) { writer.text(rawValue) }
}

extension ID: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) { self.init(try reader.text()) }
    func write(to writer: inout JSONWriter) { writer.text(text) }
}

extension Day: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) { self.init(try reader.integer()) }
    func write(to writer: inout JSONWriter) { number.write(to: &writer) }
}

extension Cents: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) { self.init(try reader.integer()) }
    func write(to writer: inout JSONWriter) { amount.write(to: &writer) }
}

extension CalendarDate: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let start = reader
        guard let date = CalendarDate(try reader.text()) else {
            throw start.wrongType("a date of the calendar, YYYY-MM-DD")
        }
        self = date
    }
    func write(to writer: inout JSONWriter) { writer.text(description) }
}
