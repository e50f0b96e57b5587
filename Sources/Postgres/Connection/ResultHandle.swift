internal import CLibpq

/// The one owner of a libpq result, which it frees when it goes; what it holds is copied out.
struct ResultHandle: ~Copyable {
    private let result: OpaquePointer?

    init(_ result: OpaquePointer?) {
        self.result = result
    }

    deinit {
        PQclear(result)
    }

    var status: ExecStatusType { PQresultStatus(result) }

    func rows(place: String) -> Rows {
        let columns = PQnfields(result)
        var cells: [String?] = []
        cells.reserveCapacity(Int(columns) * Int(PQntuples(result)))
        for row in 0..<PQntuples(result) {
            for column in 0..<columns {
                let isNull = PQgetisnull(result, row, column) == 1
                cells.append(isNull ? nil : PQgetvalue(result, row, column).map { String(cString: $0) })
            }
        }
        return Rows(
            columns: (0..<columns).map { PQfname(result, $0).map { String(cString: $0) } ?? "" },
            cells: cells,
            count: Int(PQntuples(result)),
            affected: PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0,
            place: place
        )
    }

    /// What the server said; `nil` when libpq itself refused the statement.
    func serverError(place: String) -> ServerError? {
        guard let sqlState = field(pgDiagSQLState) else { return nil }
        return ServerError(
            sqlState: SQLState(rawValue: sqlState),
            message: field(pgDiagMessage) ?? "",
            constraint: field(pgDiagConstraint),
            table: field(pgDiagTable),
            column: field(pgDiagColumn),
            position: field(pgDiagPosition).flatMap { Int($0) },
            place: place
        )
    }

    private func field(_ code: Int32) -> String? {
        PQresultErrorField(result, code).map { String(cString: $0) }
    }
}
