import CareChain
import Foundation

/// What an address says after `?`, as `application/x-www-form-urlencoded` has it.
struct QueryText {
    private let pairs: [(name: String, value: String)]

    /// Reads the text.
    ///
    /// - Throws: `badParameter` when it is no percent-encoded UTF-8.
    init(_ text: String) throws(Problem) {
        var pairs: [(String, String)] = []
        for part in text.split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(sides[0]), let value = Self.decoded(sides.count > 1 ? sides[1] : "") else {
                throw Problem(
                    .badParameter, english: "the address is no percent-encoded UTF-8",
                    dutch: "het adres is geen UTF-8 met procenttekens")
            }
            pairs.append((name, value))
        }
        self.pairs = pairs
    }

    private static func decoded(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }

    /// The parameters as JSON of a shape; a list may come in several parameters of its name, or with commas.
    ///
    /// - Throws: `badParameter` for one that is not known, empty, given twice, missing or of another kind.
    func tree(of shape: Shape) throws(Problem) -> JSONTree {
        let fields = Dictionary(shape.fields.map { ($0.name, $0.shape) }) { first, _ in first }
        var members: [String: JSONTree] = [:]
        for (name, value) in pairs {
            guard !value.isEmpty || fields[name] == nil else {
                throw Problem(
                    .badParameter, english: "this parameter is empty: leave it out",
                    dutch: "deze parameter is leeg: laat hem weg", parameter: name)
            }
            switch fields[name] {
            case nil:
                throw Problem(
                    .badParameter, english: "there is no parameter of this name", dutch: "zo'n parameter is er niet",
                    parameter: name)
            case .list(let element)?:
                let values = value.split(separator: ",").map { Self.value(String($0), of: element) }
                members[name] = .list((members[name]?.elements ?? []) + values)
            case let field?:
                guard members[name] == nil else {
                    throw Problem(
                        .badParameter, english: "this parameter is given twice",
                        dutch: "deze parameter staat er twee keer",
                        parameter: name)
                }
                members[name] = Self.value(value, of: field)
            }
        }
        let tree = JSONTree.object(members)
        if let fault = shape.faults(in: tree).first {
            let name = fault.pointer.flatMap { $0.split(separator: "/").first }.map(String.init)
            throw Problem(.badParameter, fault.detail, parameter: name)
        }
        return tree
    }

    /// The value as JSON; what is not of the kind stays a text, which the shape then refuses.
    private static func value(_ text: String, of shape: Shape) -> JSONTree {
        switch shape {
        case .integer: Int(text).map { .integer($0) } ?? .text(text)
        case .number: Double(text).map { .number($0) } ?? .text(text)
        case .boolean: Bool(text).map { .boolean($0) } ?? .text(text)
        default: .text(text)
        }
    }
}
