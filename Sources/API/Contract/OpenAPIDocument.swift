import CareChain
import Foundation
import Yams

/// The document (OpenAPI 3.1), put together from `openapi.yaml` and one file for each resource.
///
/// What every operation may answer is written once, in `x-responses` of `openapi.yaml`, and added where it applies:
/// `always`; `authenticated` unless an operation says `security: []`; `body` where there is a `requestBody`;
/// `idempotent` and `conditional` where there is the parameter `IdempotencyKey` or `IfMatch`; `path` where the path has a
/// parameter.
struct OpenAPIDocument: Sendable {
    /// As JSON.
    let json: String
    /// As YAML.
    let yaml: String
    /// As a tree.
    let tree: JSONTree

    /// The document of this program.
    static let ours: Result<OpenAPIDocument, DocumentError> = Result { () throws(DocumentError) in
        try OpenAPIDocument(files: EmbeddedFiles.all)
    }

    /// Puts the document together.
    ///
    /// - Throws: ``DocumentError`` when a file is no YAML, or two files say the same thing.
    init(files: [(name: String, text: String)]) throws(DocumentError) {
        var merged: JSONTree = .object([:])
        for file in files {
            merged = try Self.merge(merged, try Self.read(file), at: "", file.name)
        }
        tree = Self.withSharedResponses(merged)
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            json = String(decoding: try encoder.encode(tree), as: UTF8.self)
            yaml = tree.yaml
        } catch {
            throw DocumentError(description: "the document cannot be written: \(error)")
        }
    }

    private static func read(_ file: (name: String, text: String)) throws(DocumentError) -> JSONTree {
        do {
            // Dates stay the texts that JSON has for them.
            let parsed = try Yams.load(yaml: file.text, Resolver.default.removing(.timestamp))
            return try tree(of: parsed ?? [:])
        } catch {
            throw DocumentError(description: "\(file.name): \(error)")
        }
    }

    private static func tree(of value: Any) throws(DocumentError) -> JSONTree {
        switch value {
        case is NSNull: return .null
        case let value as Bool: return .boolean(value)
        case let value as Int: return .integer(value)
        case let value as Double: return .number(value)
        case let value as String: return .text(value)
        case let value as [Any]:
            var list: [JSONTree] = []
            for element in value { list.append(try tree(of: element)) }
            return .list(list)
        case let value as [AnyHashable: Any]:
            var members: [String: JSONTree] = [:]
            for (key, member) in value { members["\(key.base)"] = try tree(of: member) }
            return .object(members)
        default: throw DocumentError(description: "there is a value that JSON has no word for: \(type(of: value))")
        }
    }

    private static func merge(
        _ one: JSONTree, _ other: JSONTree, at place: String, _ file: String
    ) throws(DocumentError) -> JSONTree {
        switch (one, other) {
        case (.object(var members), .object(let more)):
            for (key, value) in more {
                members[key] =
                    if let known = members[key] { try merge(known, value, at: "\(place)/\(key)", file) } else { value }
            }
            return .object(members)
        case (.list(let list), .list(let more)): return .list(list + more)
        default: throw DocumentError(description: "\(file): \(place) is said in another file already")
        }
    }

    private static func withSharedResponses(_ document: JSONTree) -> JSONTree {
        var members = document.members
        let shared = members.removeValue(forKey: "x-responses") ?? .object([:])
        var paths = members["paths"]?.members ?? [:]
        for (path, item) in paths {
            var operations = item.members
            for (method, operation) in operations {
                var parts = ["always"]
                let parameters = (operation["parameters"]?.elements ?? []).compactMap { $0["$ref"]?.string }
                if operation["security"] == nil { parts.append("authenticated") }
                if operation["requestBody"] != nil { parts.append("body") }
                if path.contains("{") { parts.append("path") }
                if parameters.contains(where: { $0.hasSuffix("/IdempotencyKey") }) { parts.append("idempotent") }
                if parameters.contains(where: { $0.hasSuffix("/IfMatch") }) { parts.append("conditional") }
                var responses = operation["responses"]?.members ?? [:]
                for part in parts { responses.merge(shared[part]?.members ?? [:]) { own, _ in own } }
                var fields = operation.members
                fields["responses"] = .object(responses)
                operations[method] = .object(fields)
            }
            paths[path] = .object(operations)
        }
        members["paths"] = .object(paths)
        return .object(members)
    }
}

/// Why there is no document.
struct DocumentError: Error, CustomStringConvertible {
    let description: String
}
