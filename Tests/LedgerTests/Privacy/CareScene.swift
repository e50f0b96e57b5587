import Foundation
import Postgres
import TestSupport

@testable import Ledger

/// A small care chain to look at from every side: two regions, two shelters, a case of each kind, and a database session
/// that is the program's login and nobody else, as a client that talks SQL itself would be.
struct CareScene {
    /// The database's superuser.
    let admin: Connection
    /// A member of `onderdak_login`.
    let client: Connection
    let ledger: Ledger

    /// Days count from here: the scene's clock stands still.
    static let now = "2026-03-02 10:00:00+01"

    static func with(_ body: (CareScene) async throws -> Void) async throws {
        try await withLedger { ledger in
            let admin = try await Connection.open(ledger.pool.options)
            let client = try await Connection.open(ledger.pool.options)
            do {
                try await admin.execute(script: Self.facts)
                try await client.becomeProgramsLogin()
                try await body(CareScene(admin: admin, client: client, ledger: ledger))
            } catch {
                await admin.close()
                await client.close()
                throw error
            }
            await admin.close()
            await client.close()
        }
    }

    /// Runs statements as an actor, and rolls them back.
    func attempt(as actor: Actor, _ sql: String) async -> Outcome {
        await attempt(opening: Acting.actor(actor).opening, sql)
    }

    /// Runs statements after an opening, and rolls them back.
    func attempt(opening: String?, _ sql: String) async -> Outcome {
        struct RollBack: Error { let outcome: Outcome }
        do {
            try await client.transaction(opening: opening) { connection in
                let rows = try await connection.query("\(unsafe: sql)")
                throw RollBack(outcome: .rows(rows.isEmpty ? rows.affected : rows.count))
            }
        } catch let end as RollBack {
            return end.outcome
        } catch let error as PostgresError {
            return .refused(error.sqlState?.rawValue ?? error.description)
        } catch {
            return .refused("\(error)")
        }
        return .rows(0)
    }

    /// What came of a statement.
    enum Outcome: Equatable {
        /// So many rows were seen or changed.
        case rows(Int)
        /// The SQLSTATE.
        case refused(String)

        /// Whether nothing was seen or changed for lack of a right: 42501, or no row in sight.
        var isDenied: Bool { self == .rows(0) || self == .refused("42501") }
    }

    /// Cases: `own` is the coordinator's, placed in s1, with police and payer; `ward` is a minor's; `offered` is offered
    /// to s1; `foreign` is nothing to any of them but the desk.
    private static let facts = """
        DO $$ BEGIN
            CREATE ROLE onderdak_test_person NOLOGIN IN ROLE onderdak_coordinator;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$;
        INSERT INTO simulated_clock (at) VALUES ('\(now)');
        INSERT INTO region VALUES ('frl', 'Fryslân'), ('dre', 'Drenthe');
        INSERT INTO shelter VALUES
            ('s1', 'frl', 3, '{}', 'One', 'women', 'shelter', NULL), ('s2', 'dre', 3, '{}', 'Two', 'women', 'shelter', NULL),
            ('s3', 'dre', 3, '{}', 'Three', 'minors', 'guardian', NULL);
        INSERT INTO unit VALUES
            ('u1', 's1', 'crisis', '{female,male}', NULL, NULL, NULL, '{}', 'any', false, 1, NULL, 'victim', NULL, 1, 0),
            ('u2', 's2', 'crisis', '{female,male}', NULL, NULL, NULL, '{}', 'any', false, 1, NULL, 'victim', NULL, 1, 0),
            ('u3', 's3', 'minors', '{female,male}', NULL, NULL, NULL, '{}', 'any', false, 1, NULL, 'victim', NULL, 1, 0);
        INSERT INTO bed_change SELECT id, '2026-01-01', 9, NULL, 'country' FROM unit;
        INSERT INTO funder VALUES ('state', 0, 'State', NULL, NULL, true, true, NULL, NULL, '2026-01-01', NULL, NULL, NULL);
        INSERT INTO coverage (region, function, coordinator, ages, days, stand_in)
        VALUES ('frl', 'care', 'c1', '[0,151)', '[2026-01-01,)', false);
        INSERT INTO victim SELECT id, 'female', birth, 2, 4, '2026-03-02' FROM (VALUES
            ('own', '1998-03-14'::date), ('ward', '2012-03-14'), ('offered', '1990-07-01'), ('foreign', '1985-01-31')
            ) AS v(id, birth);
        INSERT INTO victim_phase SELECT id, '2026-02-01', 'reflection' FROM victim;
        INSERT INTO victim_need SELECT id, 'trauma' FROM victim;
        INSERT INTO avoided_region SELECT id, 'dre', '[2026-02-01,)' FROM victim;
        INSERT INTO investigation SELECT id, 'frl', 90, '[2026-02-01,)' FROM victim;
        INSERT INTO request (
            id, together, urgency, known_from, needed_from, latest_start, stay_days, transfer_wanted, region, state)
        VALUES
            ('q-own', 'unit', 'urgent', '2026-02-20', '2026-02-20', '2026-02-20', 60, false, 'frl', 'placed'),
            ('q-ward', 'unit', 'urgent', '2026-02-20', '2026-02-20', '2026-02-20', 60, false, 'dre', 'placed'),
            ('q-offered', 'unit', 'urgent', '2026-02-20', '2026-02-20', '2026-04-20', 60, false, 'dre', 'submitted'),
            ('q-foreign', 'unit', 'urgent', '2026-02-20', '2026-02-20', '2026-02-20', 60, false, 'dre', 'placed');
        INSERT INTO request_victim (request, victim) VALUES
            ('q-own', 'own'), ('q-ward', 'ward'), ('q-offered', 'offered'), ('q-foreign', 'foreign');
        INSERT INTO stay (request, victim, unit, days, moves_made, arrived) VALUES
            ('q-own', 'own', 'u1', '[2026-02-20,2026-04-21)', 0, true),
            ('q-ward', 'ward', 'u3', '[2026-02-20,2026-04-21)', 0, true),
            ('q-foreign', 'foreign', 'u2', '[2026-02-20,2026-04-21)', 0, true);
        INSERT INTO police_case VALUES ('own', 'north', '[2026-02-01,)'), ('foreign', 'east', '[2026-02-01,)');
        INSERT INTO guardianship VALUES ('ward', 'nidos', '[2026-02-01,)');
        INSERT INTO paid_days VALUES ('own', 'state', 10);
        INSERT INTO offer (request, made_at, made_by, answer_by)
        VALUES ('q-offered', '\(now)', 'desk/nl', '2026-03-03 10:00:00+01');
        INSERT INTO offer_stay SELECT id, 'offered', 'u1', '[2026-03-03,2026-05-02)' FROM offer;
        INSERT INTO planned_action (owner, days, made_at, ends_at) VALUES
            ('police/north', '[2026-03-20,2026-03-21)', '\(now)', '2026-03-22 10:00:00+01'),
            ('police/east', '[2026-03-20,2026-03-21)', '\(now)', '2026-03-22 10:00:00+01');
        INSERT INTO planned_action_need SELECT id, 'crisis', 'female', 2 FROM planned_action;
        INSERT INTO confidential.victim_field (victim, category, field, reported_by, key_id, ciphertext)
        SELECT v.id, c.category, 'note', c.by, 'k', decode(repeat('00', 40), 'hex')
        FROM victim AS v CROSS JOIN (VALUES
            ('identity', 'desk/nl'), ('identity', 'police/north'), ('health', 'desk/nl')) AS c(category, by);
        INSERT INTO confidential.shelter_address (shelter, key_id, ciphertext)
        SELECT id, 'k', decode(repeat('00', 40), 'hex') FROM shelter;
        INSERT INTO access.legal_basis (kind, role, categories, days, reference)
        SELECT 'law', role,
            '{identity,profile,avoid,phase,health,investigation,address,action}', '[2026-01-01,)', 'a law of the test'
        FROM unnest('{desk,coordinator,shelter,police,guardian,funder}'::text[]) AS role;
        """
}

extension Connection {
    /// From here on the program's login and nobody else: of the superuser whom tests connect as, nothing is left.
    func becomeProgramsLogin() async throws {
        try await execute(
            script: """
                DO $$ BEGIN
                    CREATE ROLE onderdak_test_app NOLOGIN IN ROLE onderdak_login;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
                END $$;
                SET SESSION AUTHORIZATION onderdak_test_app
                """)
    }
}

extension Actor {
    static let desk = Actor(role: .desk, id: "nl")
    static let coordinator = Actor(role: .coordinator, id: "c1")
    static let shelter = Actor(role: .shelter, id: "s1")
    static let police = Actor(role: .police, id: "north")
    static let guardian = Actor(role: .guardian, id: "nidos")
    static let funder = Actor(role: .funder, id: "state")
    static let governor = Actor(role: .governor, id: "board")
    static let auditor = Actor(role: .auditor, id: "fg")
    static let admin = Actor(role: .admin, id: "ops")
    static let all = [desk, coordinator, shelter, police, guardian, funder, governor, auditor, admin]
}
