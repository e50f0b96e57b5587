import CareChain
import HTTPTypes
import Ledger

extension Operation {
    /// Figures by month, protected for those who may have figures only; and what funders pay.
    static var figures: [Operation] {
        [
            Operation(
                .get, "/v1/figures/{table}", id: "getFigures", scope: "figures:read", query: FiguresQuery.self,
                content: FiguresBody.self
            ) { call in
                guard let table = FigureTable(rawValue: try call.path("table")) else { throw Problem(.notFound) }
                let figures = try await call.ledger.figures(table, over: call.query.months(), as: call.actor)
                return Answer(FiguresBody(table: table, figures: figures.map(FiguresBody.Line.init)))
            },
            Operation(
                .get, "/v1/statement", id: "getStatement", scope: "figures:read", query: StatementQuery.self,
                content: StatementBody.self
            ) { call in
                let lines = try await call.ledger.statement(
                    over: call.query.months(), funder: call.query.funder.map { FunderID($0) }, as: call.actor)
                return Answer(StatementBody(lines: lines.map(StatementBody.Line.init)))
            },
        ]
    }
}

struct FiguresQuery: Codable, Sendable, MonthsQuery {
    let from: String
    let through: String?
}

struct StatementQuery: Codable, Sendable, MonthsQuery {
    let from: String
    let through: String?
    let funder: String?
}

/// A table of figures, by month and block.
struct FiguresBody: Codable, Sendable {
    struct Line: Codable, Sendable {
        let month: String
        let block: [Dimension]
        let persons: Int
        let days: Int
        let beds: Int?

        init(_ figure: Figure) {
            month = figure.month.description
            block = figure.block.sorted { $0.key < $1.key }.map { Dimension(name: $0.key, value: $0.value) }
            persons = figure.persons
            days = figure.days
            beds = figure.beds
        }
    }

    /// What a block is of.
    struct Dimension: Codable, Sendable, Equatable {
        let name: String
        let value: String
    }

    let table: FigureTable
    let figures: [Line]
}

/// What payers paid, and the days that nobody paid.
struct StatementBody: Codable, Sendable {
    struct Line: Codable, Sendable {
        let month: String
        let funder: String?
        let days: Int
        let cents: Int

        init(_ line: StatementLine) {
            month = line.month.description
            funder = line.funder
            days = line.days
            cents = line.cents
        }
    }

    let lines: [Line]
}
