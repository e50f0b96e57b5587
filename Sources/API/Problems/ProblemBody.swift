import CareChain
import Foundation
import HTTPTypes

/// A problem document (RFC 9457) in one language.
struct ProblemBody: Codable, Sendable, Equatable {
    struct Fault: Codable, Sendable, Equatable {
        let code: String
        let pointer: String?
        let parameter: String?
        let detail: String
    }

    struct Broken: Codable, Sendable, Equatable {
        let rule: String
        let detail: String
    }

    let type: String
    let status: Int
    let code: String
    let title: String
    let detail: String
    let `do`: String
    let pointer: String?
    let parameter: String?
    let rules: [Broken]?
    let alternatives: [String]?
    let errors: [Fault]?
    let requestId: String

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
