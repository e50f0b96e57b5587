public import Foundation

extension Country {
    /// Reads a country from the texts of its CSV files, by their names (`units.csv`); other files are ignored.
    ///
    /// - Throws: ``CSVProblem`` for the first problem; nothing is read in part.
    public init(files: [String: String]) throws(CSVProblem) {
        var reader = CountryReader(files)
        self = try reader.country()
    }

    /// Reads a country from the CSV files of a directory.
    ///
    /// - Throws: ``CSVProblem`` for the first problem; nothing is read in part.
    public init(directory: URL) throws(CSVProblem) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        } catch {
            throw CSVProblem(file: directory.path, problem: "cannot be read; it must be a directory with CSV files")
        }
        var files: [String: String] = [:]
        for name in names where name.hasSuffix(".csv") {
            let data: Data
            do {
                data = try Data(contentsOf: directory.appendingPathComponent(name))
            } catch {
                throw CSVProblem(file: name, problem: "cannot be read")
            }
            files[name] = try Self.text(data, of: name)
        }
        try self.init(files: files)
    }

    private static func text(_ data: Data, of file: String) throws(CSVProblem) -> String {
        if let text = String(validating: data, as: UTF8.self) { return text }
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let bad = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }
        throw CSVProblem(file: file, line: bad.map { $0 + 1 }, problem: "is not text in UTF-8")
    }
}
