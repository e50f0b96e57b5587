import CareChain
import HTTPTypes

/// Why a request was not done, as it is told (RFC 9457).
struct Problem: Error, Sendable, Equatable, Codable {
    /// What is wrong at one place of what was sent.
    struct Fault: Sendable, Equatable, Codable {
        let code: ProblemCode
        /// The JSON pointer (RFC 6901) to the place in the body; nil: not in a body.
        var pointer: String?
        /// The parameter or header; nil: in the body.
        var parameter: String?
        let detail: Sentence
    }

    /// A rule that it would break.
    struct Broken: Sendable, Equatable, Codable {
        let rule: String
        let detail: Sentence
    }

    let code: ProblemCode
    /// What is wrong in this very case; never personal data.
    let detail: Sentence
    /// Where, when there is one place.
    var pointer: String?
    /// The parameter or header, when it is one.
    var parameter: String?
    /// The rules that it would break.
    var rules: [Broken] = []
    /// The units that would do instead, where that is known.
    var alternatives: [String] = []
    /// All that is wrong, when it is in several places.
    var faults: [Fault] = []
    /// What else the response says: `Allow` for example.
    var headers: [HTTPField.Name: String] = [:]

    init(_ code: ProblemCode, _ detail: Sentence? = nil, pointer: String? = nil, parameter: String? = nil) {
        self.code = code
        self.detail = detail ?? code.title
        self.pointer = pointer
        self.parameter = parameter
    }

    init(_ code: ProblemCode, english: String, dutch: String, pointer: String? = nil, parameter: String? = nil) {
        self.init(code, Sentence(english: english, dutch: dutch), pointer: pointer, parameter: parameter)
    }

    /// The problem of faults in what was sent; nil when there are none.
    init?(_ faults: [Fault]) {
        guard let first = faults.first else { return nil }
        self.init(first.code, first.detail, pointer: first.pointer, parameter: first.parameter)
        if faults.count > 1 { self.faults = faults }
    }

    /// A field that cannot be right, told by an operation.
    static func invalid(_ pointer: String, english: String, dutch: String) -> Problem {
        Problem(.invalidField, english: english, dutch: dutch, pointer: pointer)
    }
}

extension Problem {
    /// The same, of a part of the body that is at a pointer.
    func under(_ prefix: String) -> Problem {
        var problem = self
        problem.pointer = pointer.map { prefix + $0 }
        problem.faults = faults.map { fault in
            var fault = fault
            fault.pointer = fault.pointer.map { prefix + $0 }
            return fault
        }
        return problem
    }
}
