import Testing

@testable import Postgres

@Suite struct Statements {
    @Test func `bind every interpolated value in order`() {
        let statement: Statement = "select \(1), \("x'; drop table y"), \(nil as Bool?)"
        #expect(statement.sql == "select $1, $2, $3")
        #expect(statement.parameters.map(\.text) == ["1", "x'; drop table y", nil])
        #expect(statement.parameters.map(\.type) == [0, 0, 16])
    }

    @Test func `take names and trusted SQL as text`() {
        let statement: Statement = "listen \(identifier: #"a"b; c"#) \(unsafe: "order by 1")"
        #expect(statement.sql == #"listen "a""b; c" order by 1"#)
        #expect(statement.parameters.isEmpty)
    }
}
