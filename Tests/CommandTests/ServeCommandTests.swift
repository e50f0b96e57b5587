import Foundation
import TestSupport
import Testing

extension CommandTests {
    @Suite struct ServeCommandTests {
        @Test func `It does not serve a database whose migrations are missing, and says what to do`() async throws {
            try await withDatabase { database in
                let outcome = try await onderdak("serve", "--port", "0", "--metrics-port", "0", database: database)
                #expect(outcome.status == 1)
                #expect(outcome.messages.contains("run onderdak migrate"))
            }
        }

        @Test func `It does not listen beyond this machine without TLS, unless a proxy is said to end it`() async throws
        {
            try await withDatabase { database in
                let clear = try await onderdak("serve", "--host", "0.0.0.0", "--port", "0", database: database)
                #expect(clear.status == 64 && clear.messages.contains("--behind-proxy"), "\(clear.messages)")
                try #require(try await onderdak("migrate", database: database).status == 0)
                try await RunningServer.run(["--host", "0.0.0.0", "--behind-proxy"], database: database) { server in
                    #expect(await server.port > 0)
                }
            }
        }

        @Test func `An identity provider that cannot be used is told of before anything is served`() async throws {
            try await withFolder { folder in
                let file = folder.appendingPathComponent("provider.json").path
                for (keys, role, sentence) in [
                    ("http://id.example/keys", "desk", "keys are fetched by https:// only"),
                    ("https://id.example/keys", "boss", "there is no role boss"),
                ] {
                    let json = """
                        {"issuer": "https://id.example", "audience": "onderdak", "keys": "\(keys)", "roleClaim": "groups",
                         "roles": {"them": "\(role)"}, "identifierClaims": {"\(role)": "organisation"}}
                        """
                    try Data(json.utf8).write(to: URL(fileURLWithPath: file))
                    let outcome = try await Program(["serve", "--identity-provider", file]).run()
                    #expect(outcome.status == 65 && outcome.messages.contains(sentence), "\(outcome.messages)")
                }
            }
        }

        @Test func `The operator issues a token, sees it without its secret, and takes it back`() async throws {
            try await withDatabase { database in
                try #require(try await onderdak("migrate", database: database).status == 0)
                let wrong = try await onderdak(
                    "token", "issue", "--role", "shelter/s1", "--scope", "gossip", "--expires", "90d", "--as",
                    "admin/1",
                    database: database)
                #expect(wrong.status == 64)
                let issued = try await onderdak(
                    "token", "issue", "--role", "shelter/s1", "--scope", "capacity:write", "--expires", "90d", "--as",
                    "admin/1", database: database)
                #expect(issued.status == 0, "\(issued.messages)")
                let secret = issued.text.trimmingCharacters(in: .newlines)
                #expect(secret.hasPrefix("ond_") && secret.count == 47)
                #expect(try await onderdak("token", "revoke", "1", "--as", "admin/1", database: database).status == 0)
                let listed = try await onderdak("token", "list", "--as", "admin/1", database: database)
                #expect(listed.text.contains("shelter/s1") && listed.text.contains("revoked"))
                #expect(!listed.text.contains(secret))
                #expect(try await onderdak("token", "list", "--as", "desk/nl", database: database).status == 2)
            }
        }

        @Test func `A renewed certificate is shown at SIGHUP, and one that cannot be used is not`() async throws {
            try await withDatabase { database in
                try #require(try await onderdak("migrate", database: database).status == 0)
                try await withFolder { folder in
                    let (certificate, key) = try await Self.certify(folder, "old")
                    try await RunningServer.run(
                        ["--tls-certificate", certificate, "--tls-key", key], database: database
                    ) { server in
                        try FileManager.default.copyItem(atPath: certificate, toPath: certificate + ".old")
                        #expect(try await Self.isAlive(server, trusting: certificate + ".old"))

                        try Data("no certificate".utf8).write(to: URL(fileURLWithPath: certificate))
                        await server.signal(SIGHUP)
                        _ = try await server.said("the one before stays")
                        #expect(try await Self.isAlive(server, trusting: certificate + ".old"))

                        _ = try await Self.certify(folder, "new")
                        await server.signal(SIGHUP)
                        _ = try await server.said("certificate read again")
                        #expect(try await Self.isAlive(server, trusting: certificate))
                        #expect(try await !Self.isAlive(server, trusting: certificate + ".old"))
                    }
                }
            }
        }

        /// Makes a certificate of localhost that signs itself, in the same files each time.
        static func certify(_ folder: URL, _ name: String) async throws -> (certificate: String, key: String) {
            let files = (folder.appendingPathComponent("cert.pem").path, folder.appendingPathComponent("key.pem").path)
            let made = try await Program(
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:localhost", "-out", files.0, "-keyout",
                    files.1,
                ], executable: "/usr/bin/openssl"
            ).run()
            try #require(made.status == 0, "\(made.messages)")
            return files
        }

        private static func isAlive(_ server: RunningServer, trusting certificate: String) async throws -> Bool {
            let address = "https://localhost:\(await server.port)/health"
            return try await Program(
                ["--silent", "--fail", "--cacert", certificate, address], executable: "/usr/bin/curl"
            ).run().status == 0
        }
    }
}
