/// The path of a place in a JSON text: `requests[12].latestStart`.
///
/// It is found by walking the text again up to the place, so that it costs nothing while there is no error.
enum JSONPath {
    private enum Step {
        case key(String)
        case index(Int)
    }

    /// The path of the value that begins at an offset of a checked text; for a key, that of its object.
    static func path(of offset: Int, in bytes: [UInt8]) -> String {
        var steps: [Step] = []
        var reader = JSONReader(checked: bytes, at: 0)
        reader.skipWhitespace()
        while reader.position < offset {
            let isObject = reader.first == UInt8(ascii: "{")
            let end = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
            var index = 0
            // Passes over what ends before the place and stops at the member that holds it.
            while reader.skipSeparator(until: end) {
                var step = Step.index(index)
                if isObject {
                    if reader.position >= offset { return text(of: steps) }
                    guard let key = try? reader.text() else { return text(of: steps) }
                    step = .key(key)
                    reader.skipColon()
                }
                var after = reader
                after.skip()
                if after.position > offset {
                    steps.append(step)
                    break
                }
                reader = after
                index += 1
            }
        }
        return text(of: steps)
    }

    private static func text(of steps: [Step]) -> String {
        var text = ""
        for step in steps {
            switch step {
            case .key(let key): text += text.isEmpty ? key : ".\(key)"
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }
}
