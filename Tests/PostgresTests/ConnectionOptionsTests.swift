import Foundation
import Testing

@testable import Postgres

@Suite struct `Connection options` {
    @Test(arguments: [
        "postgres://alice:s3cret@db.example:5433/care", "postgresql://alice:s3cret@db.example:5433/care",
        "host=db.example port=5433 user=alice password=s3cret dbname=care",
    ])
    func `are read from both forms of connection string, and never print the password`(_ text: String) throws {
        let options = try ConnectionOptions(text)
        #expect(options.database == "care")
        #expect(options.user == "alice")
        #expect(options.description == #"database "care" as user "alice" at db.example, port 5433"#)
        var dumped = ""
        dump(options, to: &dumped)
        for shown in ["\(options)", String(reflecting: options), dumped] { #expect(!shown.contains("s3cret")) }
        #expect(options.libpqParameters["password"] == "s3cret")
    }

    @Test(arguments: ["care", "postgres://alice:s3cret@[db/care", "password=s3cret sword"])
    func `that cannot be read are refused without repeating them`(_ text: String) {
        let error = #expect(throws: PostgresError.self) { try ConnectionOptions(text) }
        #expect("\(error, default: "")".contains("expected postgres://"))
        #expect("\(error, default: "")".contains("s3cret") == false)
    }

    @Test func `survive the connection string, whatever is in them`() throws {
        let options = try ConnectionOptions(#"host=/tmp password='it\'s \\ ' dbname=care"#).database(#"a'b\c d"#)
        #expect(try ConnectionOptions(options.connectionString) == options)
        #expect(try ConnectionOptions(options.connectionString).database == #"a'b\c d"#)
    }

    @Test func `leave the last word on timeouts to the connection string`() throws {
        var options = try ConnectionOptions("connect_timeout=3 options='-c statement_timeout=7'")
        options.statementTimeout = .seconds(90)
        let parameters = options.libpqParameters
        #expect(parameters["connect_timeout"] == "3")
        #expect(parameters["keepalives"] == "1")
        let settings = try #require(parameters["options"])
        #expect(settings.hasPrefix("-c jit=off -c statement_timeout=90000 -c statement_timeout=7 "))
        #expect(settings.contains("-c TimeZone=UTC"))
    }

    @Test func `that lead nowhere say where, and as whom`() async throws {
        let options = try ConnectionOptions("host=/nonexistent user=alice password=s3cret dbname=care")
        let error = await #expect(throws: PostgresError.self) { _ = try await Connection.open(options) }
        let text = "\(error, default: "")"
        #expect(text.hasPrefix(#"cannot connect to database "care" as user "alice" at /nonexistent, port "#))
        #expect(!text.contains("s3cret"))
    }
}
