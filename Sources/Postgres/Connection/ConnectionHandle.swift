internal import CLibpq

/// The one owner of a libpq connection, which it closes when it goes.
///
/// Every call blocks; a libpq connection may be used by one thread at a time.
struct ConnectionHandle: ~Copyable {
    private var connection: OpaquePointer?
    /// Cancels the statement that runs, from any thread; `nil` when closed.
    private(set) var cancellation: StatementCancellation?

    mutating func open(_ options: ConnectionOptions) throws(PostgresError) {
        close()
        let parameters = options.libpqParameters.map { ($0.key, $0.value) }
        let connection = withCStrings(parameters.map(\.0)) { keywords in
            withCStrings(parameters.map(\.1)) { values in
                PQconnectdbParams(keywords, values, 0)
            }
        }
        guard PQstatus(connection) == CONNECTION_OK, let cancel = PQgetCancel(connection) else {
            let reason = Self.errorMessage(of: connection)
            PQfinish(connection)
            throw .connectionFailed(target: options.description, reason: reason)
        }
        // By default libpq prints notices to standard error.
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        self.connection = connection
        cancellation = StatementCancellation(cancel)
    }

    deinit {
        PQfinish(connection)
    }

    mutating func close() {
        PQfinish(connection)
        connection = nil
        cancellation = nil
    }

    var isOpen: Bool { connection != nil && PQstatus(connection) == CONNECTION_OK }

    var transactionStatus: PGTransactionStatusType { PQtransactionStatus(connection) }

    var socket: Int32 { PQsocket(connection) }

    /// Takes in what the server has sent by itself; false when the server has hung up.
    func consumeInput() -> Bool {
        connection != nil && PQconsumeInput(connection) == 1 && PQstatus(connection) == CONNECTION_OK
    }

    func nextNotification() -> Notification? {
        guard connection != nil, let notification = PQnotifies(connection) else { return nil }
        defer { PQfreemem(notification) }
        return Notification(
            channel: String(cString: notification.pointee.relname),
            payload: String(cString: notification.pointee.extra)
        )
    }

    /// Runs one statement with its parameters.
    func execute(_ sql: String, _ parameters: [Parameter], place: String) throws(PostgresError) -> Rows {
        if sql.utf8.contains(0) { throw .invalidStatement(place: place, reason: "its text holds a NUL character") }
        for (index, parameter) in parameters.enumerated() where parameter.text?.utf8.contains(0) == true {
            throw .invalidStatement(
                place: place,
                reason: "parameter $\(index + 1) holds a NUL character, which PostgreSQL cannot store"
            )
        }
        guard isOpen else { throw .connectionClosed }
        let result = ResultHandle(
            withCStrings(parameters.map(\.text)) { values in
                PQexecParams(connection, sql, Int32(parameters.count), parameters.map(\.type), values, nil, nil, 0)
            }
        )
        return try check(result, place: place)
    }

    /// Runs a script of any number of statements, without parameters.
    func execute(script: String, place: String) throws(PostgresError) {
        if script.utf8.contains(0) { throw .invalidStatement(place: place, reason: "its text holds a NUL character") }
        guard isOpen else { throw .connectionClosed }
        _ = try check(ResultHandle(PQexec(connection, script)), place: place)
    }

    private func check(_ result: borrowing ResultHandle, place: String) throws(PostgresError) -> Rows {
        switch result.status {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            return result.rows(place: place)
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            throw .invalidStatement(place: place, reason: "COPY from or to the client is not supported")
        default:
            if PQstatus(connection) != CONNECTION_OK {
                throw .connectionLost(target: "database \"\(PQdb(connection).map { String(cString: $0) } ?? "")\"")
            }
            guard let error = result.serverError(place: place) else {
                throw .invalidStatement(place: place, reason: Self.errorMessage(of: connection))
            }
            throw .server(error)
        }
    }

    private static func errorMessage(of connection: OpaquePointer?) -> String {
        guard let message = PQerrorMessage(connection) else { return "out of memory" }
        return String(cString: message).split(whereSeparator: \.isNewline).joined(separator: "; ")
    }
}

/// Lends an array of C strings, `nil` for NULL, that ends with a null pointer.
private func withCStrings<Result>(
    _ strings: [String?],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
) -> Result {
    var bytes: [CChar] = []
    var offsets: [Int?] = []
    for string in strings {
        guard let string else {
            offsets.append(nil)
            continue
        }
        offsets.append(bytes.count)
        bytes.append(contentsOf: string.utf8.lazy.map { CChar(bitPattern: $0) })
        bytes.append(0)
    }
    return bytes.withUnsafeBufferPointer { buffer in
        let pointers = offsets.map { offset in offset.flatMap { buffer.baseAddress?.advanced(by: $0) } } + [nil]
        return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}
