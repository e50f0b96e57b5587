extension Country {
    /// The country that ships with the project (`data/netherlands`): a made-up Netherlands.
    ///
    /// - Throws: ``CSVProblem`` when the project was built with files that are not what they should be.
    public static var netherlands: Country {
        get throws(CSVProblem) {
            var files: [String: String] = [:]
            for file in EmbeddedFiles.all { files[file.name] = file.text }
            return try Country(files: files)
        }
    }
}
