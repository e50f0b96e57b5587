import CareChain
import Foundation
import HTTPTypes

/// A problem document (RFC 9457) in one language.
package struct ProblemBody: Codable, Sendable, Equatable {
    package struct Fault: Codable, Sendable, Equatable {
        package let code: String
        package let pointer: String?
        package let parameter: String?
        package let detail: String
    }

    package struct Broken: Codable, Sendable, Equatable {
        package let rule: String
        package let detail: String
    }

    package let type: String
    package let status: Int
    package let code: String
    package let title: String
    package let detail: String
    package let `do`: String
    package let pointer: String?
    package let parameter: String?
    package let rules: [Broken]?
    package let alternatives: [String]?
    package let errors: [Fault]?
    package let requestId: String

    init(_ problem: Problem, in language: Language, requestID: String) {
        type = "urn:onderdak:problem:\(problem.code.rawValue)"
        status = problem.code.status.code
        code = problem.code.rawValue
        title = problem.code.title.in(language)
        detail = problem.detail.in(language)
        `do` = problem.code.remedy.in(language)
        pointer = problem.pointer
        parameter = problem.parameter
        let broken = problem.rules.map { Broken(rule: $0.rule, detail: $0.detail.in(language)) }
        rules = broken.isEmpty ? nil : broken
        alternatives = problem.alternatives.isEmpty ? nil : problem.alternatives
        let faults = problem.faults.map {
            Fault(
                code: $0.code.rawValue, pointer: $0.pointer, parameter: $0.parameter, detail: $0.detail.in(language))
        }
        errors = faults.isEmpty ? nil : faults
        requestId = requestID
    }
}
