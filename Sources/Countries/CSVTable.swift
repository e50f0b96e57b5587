import CareChain
import SwiftCSV

/// The rows of a CSV file with a header, each knowing its line.
struct CSVTable {
    let file: String
    let rows: [CSVRow]

    /// Reads a file's text; blank lines, CRLF and a byte order mark are accepted, the columns may be in any order.
    ///
    /// SwiftCSV parses the fields, but tells neither the line of a row or an error nor how many fields a row had, does
    /// not notice a quotation mark that is never closed, and loses an empty last field at the end of the file. So it is
    /// given one record at a time, cut off here with its line and ended by a line break.
    ///
    /// - Throws: ``CSVProblem`` for the first record that is not CSV or does not fit the columns.
    init(file: String, text: String, columns: [String]) throws(CSVProblem) {
        let records = try Self.records(of: text, file: file)
        guard let head = records.first else {
            throw CSVProblem(
                file: file, problem: "the file is empty, its first line must be \(columns.joined(separator: ","))")
        }
        let header = try Self.fields(of: head, file: file)
        for (n, name) in header.enumerated() {
            if !columns.contains(name) {
                throw CSVProblem(
                    file: file, line: head.line, column: name,
                    problem: "is not known, the columns are \(columns.joined(separator: ", "))")
            }
            if header.firstIndex(of: name) != n {
                throw CSVProblem(file: file, line: head.line, column: name, problem: "is there twice")
            }
        }
        for name in columns where !header.contains(name) {
            throw CSVProblem(file: file, line: head.line, column: name, problem: "is missing")
        }

        var rows: [CSVRow] = []
        for record in records.dropFirst() {
            let fields = try Self.fields(of: record, file: file)
            if fields.count != header.count {
                throw CSVProblem(
                    file: file, line: record.line,
                    problem: "\(fields.count) fields, but the header has \(header.count)")
            }
            rows.append(
                CSVRow(file: file, line: record.line, fields: Dictionary(uniqueKeysWithValues: zip(header, fields))))
        }
        self.file = file
        self.rows = rows
    }

    /// A line of the file, or several where a quoted field holds line breaks.
    private typealias Record = (line: Int, text: String)

    private static func records(of text: String, file: String) throws(CSVProblem) -> [Record] {
        var records: [Record] = []
        var record: Record = (1, "")
        var line = 1
        var quoted = false
        func finish() {
            if !record.text.allSatisfy(\.isWhitespace) { records.append(record) }
            record = (line, "")
        }
        for character in text.unicodeScalars.first == "\u{FEFF}" ? text.dropFirst() : text[...] {
            if character == "\"" { quoted.toggle() }
            if character.isNewline { line += 1 }
            if character.isNewline, !quoted { finish() } else { record.text.append(character) }
        }
        if quoted {
            throw CSVProblem(file: file, line: record.line, problem: "a quotation mark is opened and never closed")
        }
        finish()
        return records
    }

    private static func fields(of record: Record, file: String) throws(CSVProblem) -> [String] {
        do {
            return try EnumeratedCSV(string: record.text + "\n", delimiter: .comma, loadColumns: false).header
        } catch {
            throw CSVProblem(
                file: file, line: record.line,
                problem: "a quotation mark within a field; quote the whole field and double the marks within it")
        }
    }
}

/// A row of a CSV file; an empty field stands for "none" or "no limit" where the column allows that.
struct CSVRow {
    let file: String
    let line: Int
    let fields: [String: String]

    func problem(_ column: String, _ problem: String) -> CSVProblem {
        CSVProblem(file: file, line: line, column: column, problem: problem)
    }

    /// The field as it stands, empty or not.
    subscript(column: String) -> String { fields[column] ?? "" }

    func text(_ column: String) throws(CSVProblem) -> String {
        let text = self[column]
        if text.isEmpty { throw problem(column, "is empty") }
        return text
    }

    func whole(_ column: String) throws(CSVProblem) -> Int {
        let text = try text(column)
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let value = Int(text)
        else {
            throw problem(column, "\"\(text)\" is not a whole number")
        }
        return value
    }

    func whole(_ column: String, atMost most: Int) throws(CSVProblem) -> Int {
        let value = try whole(column)
        if value > most { throw problem(column, "\(value) is more than \(most)") }
        return value
    }

    func whole(_ column: String, within range: ClosedRange<Int>) throws(CSVProblem) -> Int {
        let value = try whole(column)
        if !range.contains(value) {
            throw problem(column, "\(value) is not from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A time of the day, `HH:MM`.
    func time(_ column: String) throws(CSVProblem) -> String {
        let text = try text(column)
        if text.wholeMatch(of: /([01]\d|2[0-3]):[0-5]\d/) == nil {
            throw problem(column, "\"\(text)\" is not a time HH:MM")
        }
        return text
    }

    func optionalWhole(_ column: String) throws(CSVProblem) -> Int? {
        self[column].isEmpty ? nil : try whole(column)
    }

    func date(_ column: String) throws(CSVProblem) -> CalendarDate {
        let text = try text(column)
        guard let date = CalendarDate(text) else { throw problem(column, "\"\(text)\" is not a date YYYY-MM-DD") }
        return date
    }

    /// The date on which something ends, after the one on which it began; nil when it does not end.
    func end(_ column: String, after start: CalendarDate) throws(CSVProblem) -> CalendarDate? {
        if self[column].isEmpty { return nil }
        let end = try date(column)
        if end <= start { throw problem(column, "\(end) is not after \(start)") }
        return end
    }

    func yesOrNo(_ column: String) throws(CSVProblem) -> Bool {
        switch try text(column) {
        case "yes": true
        case "no": false
        case let text: throw problem(column, "\"\(text)\" is not yes or no")
        }
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ column: String, _ type: Choice.Type
    ) throws(CSVProblem) -> Choice {
        try choice(try text(column), column)
    }

    /// The items of a list, separated by semicolons.
    func list(_ column: String) throws(CSVProblem) -> [String] {
        if self[column].isEmpty { return [] }
        let items = self[column].split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        if items.contains("") { throw problem(column, "\"\(self[column])\" has an empty item") }
        return items
    }

    func choices<Choice: RawRepresentable<String> & CaseIterable>(
        _ column: String, _ type: Choice.Type
    ) throws(CSVProblem) -> [Choice] {
        var choices: [Choice] = []
        for item in try list(column) { choices.append(try choice(item, column)) }
        return choices
    }

    /// Choices that limit something; nil when the field is empty: no limit.
    func limit<Choice: RawRepresentable<String> & CaseIterable>(
        _ column: String, _ type: Choice.Type
    ) throws(CSVProblem) -> [Choice]? {
        let choices = try choices(column, type)
        return choices.isEmpty ? nil : choices
    }

    private func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ text: String, _ column: String
    ) throws(CSVProblem) -> Choice {
        guard let choice = Choice(rawValue: text) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw problem(column, "\"\(text)\" is not one of \(known)")
        }
        return choice
    }
}
