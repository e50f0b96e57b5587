import CareChain
import Foundation
import HTTPTypes
import Testing

@testable import API

/// The document says what the program does: paths, methods, parameters, fields, statuses.
@Suite struct ContractTests {
    private let document: JSONTree

    init() throws {
        document = try OpenAPIDocument.ours.get().tree
    }

    @Test func `The document and the routes name the same paths and methods`() throws {
        let documented = paths.flatMap { path, item in
            item.members.map { "\($0.key.uppercased()) \(path) \($0.value["operationId"]?.string ?? "")" }
        }
        let routed = Routes(Operation.all).operations.map { "\($0.method.rawValue) \($0.path) \($0.id)" }
        #expect(documented.sorted() == routed.sorted())
        #expect(Set(Operation.all.map(\.id)).count == Operation.all.count)
    }

    @Test(arguments: Operation.all.map(\.id))
    func `An operation and the document have the same statuses, parameters and fields`(_ id: String) throws {
        let operation = try #require(Operation.all.first { $0.id == id })
        let described = try #require(paths[operation.path]?[operation.method.rawValue.lowercased()])

        let statuses = Set((described["responses"]?.members ?? [:]).keys.compactMap { Int($0) })
        #expect(statuses == operation.statuses, "\(id): statuses")

        let parameters = (described["parameters"]?.elements ?? []).map(resolved)
        func names(_ place: String) -> [String] {
            parameters.filter { $0["in"]?.string == place }.compactMap { $0["name"]?.string }.sorted()
        }
        #expect(names("query") == operation.query.fields.map(\.name).sorted(), "\(id): parameters")
        for field in operation.query.fields {
            let parameter = try #require(parameters.first { $0["name"]?.string == field.name })
            #expect(shape(parameter["schema"]) == sorted(field.shape), "\(id): \(field.name)")
        }
        let inPath = operation.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { $0.dropFirst().dropLast() }
        #expect(names("path") == inPath.map(String.init).sorted(), "\(id): path")
        let headers = (operation.takesKey ? ["Idempotency-Key"] : []) + (operation.needsVersion ? ["If-Match"] : [])
        #expect(names("header") == headers, "\(id): headers")

        let kinds = described["requestBody"]?["content"]?.members ?? [:]
        #expect(Set(kinds.keys) == Set(operation.body == nil ? [] : operation.bodyTypes), "\(id): kinds of body")
        if let body = operation.body {
            #expect(shape(kinds["application/json"]?["schema"]) == sorted(body), "\(id): body")
        }

        let contents = resolved(described["responses"]?["\(operation.success.code)"])["content"]?.members ?? [:]
        #expect(Set(contents.keys) == Set(operation.mediaTypes), "\(id): media types")
        if let told = operation.content {
            #expect(shape(contents["application/json"]?["schema"]) == sorted(told), "\(id): answer")
        }
        #expect((described["security"] != nil) == (operation.scope == nil), "\(id): security")
    }

    @Test func `Every write takes a key, and one on what there is already its version`() {
        let writes = Operation.all.filter { $0.method != .get }
        // Questions that are too long for an address.
        #expect(writes.filter { !$0.takesKey }.map(\.id) == ["searchBeds", "tryChange"])
        // What can be done to a thing once only, by whomever, has no version: a second time finds it done.
        let unversioned = writes.filter { $0.path.contains("{") && $0.takesKey && !$0.needsVersion }.map(\.id)
        #expect(
            Set(unversioned) == ["cancelAbsence", "eraseCase", "publishPlanRun", "retryWebhookDeliveries", "seeAlarm"])
    }

    @Test func `The lists are told in pages`() throws {
        let whole = Operation.all.filter { operation in
            operation.id.hasPrefix("list") && !operation.query.fields.contains { $0.name == "cursor" }
        }
        // Events go on from a position; gaps are counted for the days that are asked for.
        #expect(Set(whole.map(\.id)) == ["listEvents", "listCoverageGaps"])
    }

    @Test func `The document is the same as YAML and as JSON`() throws {
        let ours = try OpenAPIDocument.ours.get()
        #expect(try OpenAPIDocument(files: [("served", ours.yaml)]).tree == ours.tree)
        #expect(try JSONDecoder().decode(JSONTree.self, from: Data(ours.json.utf8)) == ours.tree)
        #expect(throws: DocumentError.self) {
            try OpenAPIDocument(files: [("a", "paths: {/x: {get: one}}"), ("b", "paths: {/x: {get: two}}")])
        }
    }

    @Test func `A problem is told as the document has it, which names them all`() {
        let schema = document["components"]?["schemas"]?["Problem"]
        let codes = ProblemCode.allCases.map(\.rawValue)
        func named(_ shape: Shape) -> Shape {
            switch shape {
            case .list(let element): .list(named(element))
            case .object(let fields):
                .object(
                    fields.map { field in
                        Shape.Field(
                            name: field.name, shape: field.name == "code" ? .word(codes) : named(field.shape),
                            isRequired: field.isRequired)
                    })
            default: shape
            }
        }
        #expect(shape(schema) == sorted(named(ShapeProbe.shape(of: ProblemBody.self))))
        #expect(Set((document["x-problems"]?.members ?? [:]).keys) == Set(codes))
        #expect(document["x-problems"]?["outdated"]?["status"] == .integer(412))
    }

    @Test(arguments: Operation.all.map(\.id))
    func `What is sent and answered has an example of its shape`(_ id: String) throws {
        let operation = try #require(Operation.all.first { $0.id == id })
        let described = try #require(paths[operation.path]?[operation.method.rawValue.lowercased()])
        func check(_ shape: Shape, _ contents: JSONTree?) throws {
            let content = try #require(contents?["content"]?["application/json"])
            let example = try #require(
                content["example"] ?? content["examples"]?.members.values.first?["value"]
                    ?? resolved(content["schema"])["example"], "\(id) has no example")
            #expect(shape.faults(in: example).isEmpty, "\(id): \(shape.faults(in: example))")
        }
        if let body = operation.body { try check(body, described["requestBody"]) }
        if let content = operation.content {
            try check(content, resolved(described["responses"]?["\(operation.success.code)"]))
        }
    }

    @Test func `Every reference leads somewhere`() {
        var dead: [String] = []
        func walk(_ tree: JSONTree) {
            if let reference = tree["$ref"]?.string, target(reference) == nil { dead.append(reference) }
            tree.members.values.forEach(walk)
            tree.elements.forEach(walk)
        }
        walk(document)
        #expect(dead.isEmpty)
    }

    @Test func `Every link leads to an operation, with all that it must be told, from what there is to tell`() {
        let links = DocumentLinks(document)
        #expect(links.faults == [])
        // Of what is made it is said what can be done with it; what is about a thing is reached from where one learns of it.
        let silent = Operation.all.filter { $0.success != .ok && links.targets[$0.id] == nil }
        #expect(silent.map(\.id) == [])
        let reached = Set(links.targets.values.joined())
        let unreached = Operation.all.filter { $0.path.contains("{") && !reached.contains($0.id) }
        // The tables have names of their own, and nobody erases by following.
        #expect(Set(unreached.map(\.id)) == ["eraseCase", "getFigures"])
    }

    @Test(arguments: [
        ("getOffer, parameters: {id: $response.body#/offer}", "there is no getOffer"),
        ("getIt, parameters: {id: $response.body#/offer, it: 1}", "getIt has no parameter it"),
        ("getIt", "getIt must be told id"),
        ("getIt, parameters: {id: $response.body#/id}", "no $response.body#/id"),
        ("getIt, parameters: {id: $response.header.ETag}", "no $response.header.ETag"),
        ("getIt, parameters: {id: $request.path.id}", "no $request.path.id"),
        ("getIt, parameters: {id: 1}, requestBody: {it: $response.body#/offer}", "getIt has no field it"),
    ])
    func `A link that leads nowhere is found`(_ link: String, _ fault: String) throws {
        let document = try OpenAPIDocument(files: [
            (
                "a.yaml",
                """
                x-responses: {}
                paths:
                  /offers:
                    post:
                      operationId: makeOffer
                      responses:
                        '201':
                          links: {bad: {operationId: \(link)}}
                          content: {application/json: {schema: {type: object, properties: {offer: {type: integer}}}}}
                  /its/{id}:
                    get:
                      operationId: getIt
                      parameters: [{name: id, in: path, required: true}]
                      responses: {}
                """
            )
        ])
        #expect(DocumentLinks(document.tree).faults == ["makeOffer 201 bad: \(fault)"])
    }

    // MARK: - Reading the document

    private var paths: [String: JSONTree] { document["paths"]?.members ?? [:] }

    private func target(_ reference: String) -> JSONTree? { document.target(reference) }

    private func resolved(_ tree: JSONTree?) -> JSONTree { document.resolved(tree) }

    /// The shape of a schema; fields in the order of their names.
    private func shape(_ schema: JSONTree?) -> Shape? {
        let schema = resolved(schema)
        if let words = schema["enum"]?.elements { return .word(words.compactMap(\.string)) }
        switch schema["type"]?.string {
        case "string":
            return switch schema["format"]?.string {
            case "date": .date
            case "date-time": .instant
            default: .string
            }
        case "integer": return .integer
        case "number": return .number
        case "boolean": return .boolean
        case "array": return shape(schema["items"]).map { .list($0) }
        case "object":
            let required = Set(schema["required"]?.elements.compactMap(\.string) ?? [])
            let properties = schema["properties"]?.members ?? [:]
            #expect(required.isSubset(of: properties.keys))
            #expect(schema["additionalProperties"] == .boolean(false))
            return .object(
                properties.sorted { $0.key < $1.key }.compactMap { name, value in
                    shape(value).map { Shape.Field(name: name, shape: $0, isRequired: required.contains(name)) }
                })
        default: return nil
        }
    }
}

/// The shape with its fields in the order of their names.
private func sorted(_ shape: Shape) -> Shape {
    switch shape {
    case .list(let element): .list(sorted(element))
    case .object(let fields):
        .object(
            fields.map { Shape.Field(name: $0.name, shape: sorted($0.shape), isRequired: $0.isRequired) }
                .sorted { $0.name < $1.name })
    default: shape
    }
}

/// The links of a document: what can be asked next with what an answer tells.
private struct DocumentLinks {
    /// What is wrong with them.
    private(set) var faults: [String] = []
    /// The operations that the answers of an operation lead to.
    private(set) var targets: [String: Set<String>] = [:]

    private let document: JSONTree
    private var operations: [String: JSONTree] = [:]

    init(_ document: JSONTree) {
        self.document = document
        for operation in (document["paths"]?.members ?? [:]).values.flatMap(\.members.values) {
            operations[operation["operationId"]?.string ?? ""] = operation
        }
        for (id, operation) in operations {
            for (status, response) in operation["responses"]?.members ?? [:] {
                let response = document.resolved(response)
                for (name, link) in response["links"]?.members ?? [:] {
                    let link = document.resolved(link)
                    faults += self.faults(of: link, operation, response).map { "\(id) \(status) \(name): \($0)" }
                    targets[id, default: []].insert(link["operationId"]?.string ?? "")
                }
            }
        }
    }

    private func faults(of link: JSONTree, _ source: JSONTree, _ response: JSONTree) -> [String] {
        let id = link["operationId"]?.string ?? "operationId"
        guard let target = operations[id] else { return ["there is no \(id)"] }
        let given = link["parameters"]?.members ?? [:]
        let known = parameters(of: target)
        let required = known.filter { $0["required"] == .boolean(true) }.compactMap { $0["name"]?.string }
        let names = Set(known.compactMap { $0["name"]?.string })
        let fields = body(of: target["requestBody"])["properties"]?.members ?? [:]
        let told = link["requestBody"]?.members ?? [:]
        var faults = given.keys.filter { !names.contains($0) }.map { "\(id) has no parameter \($0)" }
        faults += required.filter { given[$0] == nil }.map { "\(id) must be told \($0)" }
        faults += told.keys.filter { fields[$0] == nil }.map { "\(id) has no field \($0)" }
        let values = Array(given.values) + Array(told.values)
        faults += values.compactMap(\.string).filter { !isThere($0, source, response) }.map { "no \($0)" }
        return faults
    }

    /// Whether there is what a runtime expression names; what is none is a value of its own.
    private func isThere(_ expression: String, _ source: JSONTree, _ response: JSONTree) -> Bool {
        guard expression.hasPrefix("$") else { return true }
        if let name = expression.rest(after: "$request.path.") {
            return parameters(of: source).contains { $0["name"]?.string == name && $0["in"]?.string == "path" }
        }
        if let name = expression.rest(after: "$response.header.") { return response["headers"]?[name] != nil }
        guard let pointer = expression.rest(after: "$response.body#/") else { return false }
        var schema: JSONTree? = body(of: response)
        for token in pointer.split(separator: "/") {
            schema = Int(token) == nil ? schema?["properties"]?[String(token)] : schema?["items"]
            schema = schema.map(document.resolved)
        }
        return schema != nil
    }

    private func parameters(of operation: JSONTree) -> [JSONTree] {
        (operation["parameters"]?.elements ?? []).map(document.resolved)
    }

    private func body(of message: JSONTree?) -> JSONTree {
        document.resolved(document.resolved(message)["content"]?["application/json"]?["schema"])
    }
}

extension JSONTree {
    /// What a reference within the document names.
    fileprivate func target(_ reference: String) -> JSONTree? {
        reference.split(separator: "/").dropFirst().reduce(self as JSONTree?) { $0?[String($1)] }
    }

    /// The part, or what it refers to.
    fileprivate func resolved(_ part: JSONTree?) -> JSONTree {
        guard let part else { return .null }
        return part["$ref"]?.string.flatMap(target) ?? part
    }
}

extension String {
    /// What follows a beginning; nil where it begins otherwise.
    fileprivate func rest(after beginning: String) -> String? {
        hasPrefix(beginning) ? String(dropFirst(beginning.count)) : nil
    }
}
