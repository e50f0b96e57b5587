public import Postgres

/// Places a request in a unit in plain SQL, as somebody would who knows the tables and not the program: offers the bed,
/// approves it as its shelter (`s-UNIT`), and accepts. Its offers are made by `desk/sql`.
///
/// - Parameters:
///   - first: The first day, as PostgreSQL writes dates.
///   - connection: One whose `onderdak.actor` is believed, as the database's owner's is; in a transaction.
public func placeInPlainSQL(
    _ request: String, in unit: String, from first: String, days length: Int, on connection: Connection
) async throws {
    func act(as actor: String) async throws {
        try await connection.query("SELECT set_config('onderdak.actor', \(actor), true)")
    }
    try await act(as: "desk/sql")
    let offer: Int = try await connection.query(
        """
        INSERT INTO offer (request, made_at, made_by, answer_by)
        VALUES (\(request), ledger_now(), 'desk/sql', ledger_now() + interval '1 day') RETURNING id
        """
    ).one()["id"]
    try await connection.query(
        """
        INSERT INTO offer_stay (offer, victim, unit, days)
        SELECT \(offer)::bigint, victim, \(unit), daterange(\(first)::date, \(first)::date + \(length)::integer)
        FROM request_victim WHERE request = \(request)
        """)
    try await act(as: "shelter/s-\(unit)")
    try await connection.query(
        """
        INSERT INTO offer_approval (offer, subject, approval, given_by, given_at)
        VALUES (\(offer), \("s-\(unit)"), 'shelter', \("shelter/s-\(unit)"), ledger_now())
        """)
    try await connection.query("UPDATE offer SET state = 'accepted', answered_at = ledger_now() WHERE id = \(offer)")
}
