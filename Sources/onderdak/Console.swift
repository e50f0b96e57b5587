import Foundation

/// The terminal: data on standard output, messages on standard error.
enum Console {
    /// Writes bytes to standard output.
    static func write(_ bytes: [UInt8]) throws(Failure) {
        do {
            try FileHandle.standardOutput.write(contentsOf: bytes)
        } catch {
            throw Failure(status: .failed, sentence: "cannot write to standard output: \(error.localizedDescription)")
        }
    }

    /// Writes text to standard output.
    static func write(_ text: String) throws(Failure) {
        try write(Array(text.utf8))
    }

    /// Writes a value to standard output as JSON, its keys in order.
    static func write(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try write(Array(try encoder.encode(value)) + [UInt8(ascii: "\n")])
    }

    /// Writes a line to standard error.
    static func message(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    /// Whether standard error is a terminal, where progress can be shown.
    static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

    /// Replaces the line of progress on the terminal.
    static func progress(_ line: String) {
        FileHandle.standardError.write(Data("\r\u{1B}[2K\(line)".utf8))
    }
}
