import Foundation
import HTTPTypes

/// Which operation is at an address.
struct Routes: Sendable {
    /// What an address leads to.
    enum Match: Sendable {
        /// The operation, with the values of the path's parameters.
        case operation(Operation, parameters: [String: String])
        /// Something is there, but not with this method; those that there are.
        case otherMethods([String])
        /// Nothing.
        case nothing
    }

    private struct Node {
        var words: [Substring: Node] = [:]
        /// What follows when any word will do.
        var any: [Node] = []
        var operations: [String: Operation] = [:]
    }

    /// All operations.
    let operations: [Operation]
    private var root = Node()

    /// Makes the routes of operations.
    init(_ operations: [Operation]) {
        self.operations = operations
        for operation in operations {
            Self.insert(operation, operation.path.split(separator: "/")[...], into: &root)
        }
    }

    /// Looks an address up, without its query.
    func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        let words = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard let node = Self.find(words, in: root) else { return .nothing }
        // What can be got, can be asked for without its content (RFC 9110, 9.3.2).
        let known = method == .head ? HTTPRequest.Method.get : method
        guard let operation = node.operations[known.rawValue] else {
            let methods = node.operations.keys + (node.operations["GET"] == nil ? [] : ["HEAD"])
            return methods.isEmpty ? .nothing : .otherMethods(methods.sorted())
        }
        var parameters: [String: String] = [:]
        for (pattern, word) in zip(operation.path.split(separator: "/"), words) where pattern.hasPrefix("{") {
            // What is no percent-encoded UTF-8, or no text that the database could keep, names nothing.
            guard let value = word.removingPercentEncoding, !value.isEmpty, !value.utf8.contains(0) else {
                return .nothing
            }
            parameters[String(pattern.dropFirst().dropLast())] = value
        }
        return .operation(operation, parameters: parameters)
    }

    private static func insert(_ operation: Operation, _ words: ArraySlice<Substring>, into node: inout Node) {
        guard let word = words.first else {
            let other = node.operations.updateValue(operation, forKey: operation.method.rawValue)
            precondition(other == nil, "\(operation.method) \(operation.path) is declared twice")
            return
        }
        if word.hasPrefix("{") {
            if node.any.isEmpty { node.any.append(Node()) }
            insert(operation, words.dropFirst(), into: &node.any[0])
        } else {
            insert(operation, words.dropFirst(), into: &node.words[word, default: Node()])
        }
    }

    private static func find(_ words: ArraySlice<Substring>, in node: Node) -> Node? {
        guard let word = words.first else { return node }
        if let next = node.words[word], let found = find(words.dropFirst(), in: next) { return found }
        return node.any.first.flatMap { find(words.dropFirst(), in: $0) }
    }
}
