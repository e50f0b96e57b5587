import CareChain
import Foundation
import NIOHTTP1
import Postgres
import Testing

@testable import API
@testable import Ledger

@Suite struct ProblemTests {
    @Test func `What is wrong with an address is told`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.desk)
            func code(_ path: String) async throws -> String {
                try await api.send(.GET, path, as: token).problem().code
            }
            #expect(try await code("/v1/nothing") == "no-such-path")
            #expect(try await code("/v1/units/") == "no-such-path")
            #expect(try await code("/v1/units/%FF") == "no-such-path")
            #expect(try await code("/v1/units/%00") == "no-such-path")
            #expect(try await code("/v1/units/u9") == "not-found")
            for query in [
                "limit=0", "limit=many", "limit=1&limit=2", "limits=1", "cursor=%25", "bedType=sofa", "region=%FF",
                "region=%00",
            ] {
                #expect(try await code("/v1/units?\(query)") == "bad-parameter", "\(query)")
            }
            #expect(try await api.send(.GET, "/v1/units?bedType=sofa", as: token).problem().parameter == "bedType")
            let method = try await api.send(.DELETE, "/v1/units/u1/capacity", as: token)
            #expect(method.status == 405)
            #expect(method.header("Allow") == "GET, HEAD, PUT")
            let form = try await api.send(.GET, "/v1/units", as: token, headers: ["Accept": "text/html"])
            #expect(form.status == 406)
        }
    }

    @Test(arguments: [
        ("{", 400, "malformed-json", ""), ("[1]", 422, "invalid-field", ""),
        (String(repeating: "[", count: 40), 400, "malformed-json", ""),
        ("{\"kind\":\"free\",\"number\":1}", 422, "missing-field", "/reason"),
        ("{\"kind\":\"free\",\"number\":1,\"reason\":\"\",\"a/b\":1}", 422, "unknown-field", "/a~1b"),
        ("{\"kind\":\"all\",\"number\":1,\"reason\":\"\"}", 422, "invalid-field", "/kind"),
        ("{\"kind\":\"free\",\"number\":1.5,\"reason\":\"\"}", 422, "invalid-field", "/number"),
        ("{\"kind\":\"free\",\"number\":-1,\"reason\":\"\"}", 422, "invalid-field", "/number"),
        ("{\"kind\":\"free\",\"number\":1,\"reason\":\"\\u0000\"}", 422, "invalid-field", "/reason"),
        ("{\"kind\":\"free\",\"number\":1,\"reason\":\"\",\"from\":\"2026-02-30\"}", 422, "invalid-field", "/from"),
    ])
    func `What is wrong with a body is told, with where`(
        _ json: String, _ status: Int, _ code: String, _ pointer: String
    ) async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.shelter)
            let reply = try await api.send(
                .PUT, "/v1/units/u1/capacity", as: token, headers: ["If-Match": "*"], json: json)
            #expect(reply.status == status, "\(reply.text)")
            let problem = try reply.problem()
            #expect(problem.code == code)
            #expect((problem.pointer ?? "") == pointer)
        }
    }

    @Test func `A body of another kind, or that is no UTF-8, is refused`() async throws {
        try await TestAPI.with { api in
            let token = try await api.token(TestAPI.shelter)
            let xml = try await api.send(
                .POST, "/v1/capacity-reports", as: token, headers: ["Content-Type": "text/xml"],
                body: Array("<a/>".utf8))
            #expect(xml.status == 415)
            let bytes = try await api.send(
                .POST, "/v1/capacity-reports", as: token, headers: ["Content-Type": "application/json"],
                body: [0x22, 0xFF, 0x22])
            #expect(bytes.status == 400)
            #expect(try bytes.problem().code == "malformed-json")
        }
    }

    @Test func `Problems speak the caller's language`() async throws {
        try await TestAPI.with { api in
            let dutch = try await api.send(.GET, "/v1/units", headers: ["Accept-Language": "de, nl;q=0.9, en;q=0.8"])
            #expect(try dutch.problem().title == "Niet bekend wie dit vraagt")
            #expect(dutch.header("Content-Language") == "nl")
            let english = try await api.send(.GET, "/v1/units", headers: ["Accept-Language": "fr"])
            #expect(try english.problem().title == "Who asks is not known")
        }
    }

    @Test func `Every problem has words in both languages, and what to do`() {
        for code in ProblemCode.allCases {
            #expect(code.title.english != code.title.dutch)
            #expect(!code.remedy.english.isEmpty && !code.remedy.dutch.isEmpty)
        }
    }

    @Test func `No sentence that is told in Dutch is English`() {
        var told: [Sentence] = ProblemCode.allCases.flatMap { [$0.title, $0.remedy] }
        told += RefusalCode.allCases.map(\.sentence) + LedgerError.Kind.allCases.map(\.name).map(Self.asSentence)
        told += allRules.map { $0.sentence }
        told += ConstraintSentence.all.keys.map { LedgerError.refused(constraint: $0).sentence }
        told += ConstraintSentence.denied.keys.map { LedgerError.denied($0, "this is not yours").sentence }
        told += Self.errors.map(\.sentence)
        told += [
            Shape.string, .integer, .number, .boolean, .date, .instant, .word(["a"]), .list(.string), .object([]),
        ].map(\.expectation)
        told += [
            "{", "[1", "[1}", "{1}", #"{"a" 1}"#, "01", "1.", "tru", "\"", "\"\\x\"", "\"\\ud800\"", "\"\\u00g0\"",
            "\"\u{1}\"",
            "1 2", "\u{FEFF}1", "[[[[]]]]", "\u{E9}",
        ].map(Self.fault(in:))
        for sentence in told {
            #expect(!Self.isEnglish(sentence.dutch), "\(sentence.dutch)")
            #expect(!sentence.english.isEmpty && sentence.english != sentence.dutch)
        }
        #expect(Self.isEnglish("there is no shelter of that name") && !Self.isEnglish("er is geen opvang met die naam"))
    }

    @Test func `No Dutch sentence that stands in the sources is English`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let files = FileManager.default.enumerator(at: root.appending(path: "Sources"), includingPropertiesForKeys: nil)
        var count = 0
        for case let file as URL in try #require(files) where file.pathExtension == "swift" {
            for match in try String(contentsOf: file, encoding: .utf8).matches(of: /dutch:\s*"((?:[^"\\]|\\.)*)"/) {
                // Without what is put in: names, and numbers.
                let sentence = String(match.1).replacing(/\\\([^)]*\)+/, with: "")
                #expect(!Self.isEnglish(sentence), "\(file.lastPathComponent): \(sentence)")
                count += 1
            }
        }
        #expect(count > 100)
    }

    /// An error of each kind.
    private static let errors: [LedgerError] = [
        .noPolicy, .incomplete(english: "it is", dutch: "het is"), .unevenStays(request: "r"),
        .noInstance(InvalidInput(path: "units[0]", problem: "it is not there")), .contradicts([]),
        .unkeepablePlan("the plan is not whole"), .noSuchRun(1), .outsideCalendar, .unstorableText,
        .notNow(rule: "timing", Sentence(english: "late", dutch: "laat")), .stale(expected: 1, actual: 2),
        .breaks([
            BrokenRule(
                rule: .legs, detail: Sentence(english: "the victim: 3 moves", dutch: "slachtoffer: 3 verhuizingen"))
        ]),
        .keyReused("k"), .items([0: .noPolicy]), .invalid(english: "it is", dutch: "het is"),
        .denied("no_such_code", "this is not yours"), .notDisclosed("it", to: TestAPI.desk),
        .unsealable(transactions: 2), .keys(.none), .database(.connectionClosed), .unexpected("the end"),
    ]

    private static func fault(in text: String) -> Sentence {
        do {
            try JSONSyntax.read(Array(text.utf8), greatestDepth: 3)
            return Sentence(english: "", dutch: "the text \(text) is JSON")
        } catch {
            return error.sentence
        }
    }

    private static func asSentence(_ name: Sentence) -> Sentence {
        Sentence(english: "there is no \(name.english)", dutch: "er is geen \(name.dutch)")
    }

    /// Whether a text has a word of English that is none of Dutch; codes, which stay as they are, are one word each.
    private static func isEnglish(_ text: String) -> Bool {
        let english: Set = [
            "the", "and", "not", "that", "this", "which", "with", "there", "has", "have", "cannot", "already", "would",
            "must", "what", "who", "it", "no", "for", "are", "be", "by", "its", "than", "none", "where",
        ]
        return text.lowercased().split(whereSeparator: { !$0.isLetter && $0 != "_" }).contains {
            english.contains(String($0))
        }
    }

    @Test func `The ledger's errors are told as what they are`() {
        let broken = LedgerError.breaks([])
        for (error, code) in [
            (broken, ProblemCode.ruleBroken), (.refused(constraint: "stay_beds"), .ruleBroken),
            (.refused(constraint: "request_dates"), .refused), (.noSuch(kind: .offer, id: "1"), .notFound),
            (.notNow(rule: "timing", Sentence(english: "late", dutch: "laat")), .ruleBroken),
            (.notAllowed(.role, "no"), .notAllowed), (.denied("not-granted", "no"), .notAllowed),
            (.keyReused("k"), .keyReused),
            (.notDisclosed("it", to: TestAPI.desk), .notDisclosed), (.stale(expected: 1, actual: 2), .outdated),
            (.noPolicy, .conflict), (.database(.connectionClosed), .databaseUnavailable),
            (.database(.poolExhausted(limit: 1, waited: .seconds(1))), .busy),
            (.database(.transactionAborted), .internalError),
            (.unexpected("x"), .internalError),
        ] {
            #expect(Problem(error).code == code, "\(error)")
        }
        #expect(Problem(LedgerError.refused(constraint: "stay_beds")).rules.map(\.rule) == ["capacity"])
    }

    @Test func `Every refusal of a step is told in Dutch too`() async throws {
        let constraints = ConstraintSentence.all.keys.filter { LedgerError.refused(constraint: $0).isRefusalOfStep }
        #expect(constraints.count > 20)
        for constraint in constraints { #expect(ConstraintSentence.dutch(of: constraint) != nil, "\(constraint)") }
        #expect(LedgerError.noSuch(kind: .request, id: "r").sentence.dutch == #"er is geen verzoek "r""#)

        try await TestAPI.withCases { api in
            let offer = try await api.offered("r1", unit: "u1")
            let token = try await api.token(TestAPI.shelter)
            var told: [String] = []
            for _ in 0..<2 {
                let reply = try await api.send(
                    .POST, "/v1/offers/\(offer)/accept", as: token,
                    headers: ["If-Match": "*", "Accept-Language": "nl-NL, en;q=0.5"], json: "{}")
                if reply.status == 409 { told.append(try reply.problem().detail) }
            }
            #expect(told == ["aanbod \(offer) is al beantwoord (accepted)"])
        }
    }
}
