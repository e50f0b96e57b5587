import Foundation
import Testing

extension CommandTests {
    /// The manual page and the completions, which come from what the commands say of themselves.
    @Suite struct ManualTests {
        /// A command as the program describes it.
        private struct Command: Decodable {
            struct Argument: Decodable {
                struct Name: Decodable {
                    let kind: String
                    let name: String
                }
                let names: [Name]?
                let shouldDisplay: Bool
            }
            let commandName: String
            let arguments: [Argument]?
            let subcommands: [Command]?

            /// The commands below it, each with its long options, in the order of help.
            var lines: [String] {
                let options = (arguments ?? []).filter(\.shouldDisplay).compactMap { argument in
                    argument.names?.first { $0.kind == "long" }.map { "  --\($0.name)" }
                }
                return options + (subcommands ?? []).flatMap { [$0.commandName] + $0.lines }
            }
        }

        private static let root = netherlands.deletingLastPathComponent().deletingLastPathComponent()

        @Test func `The manual page tells of every command and option that there is, and of no other`() async throws {
            struct Description: Decodable { let command: Command }
            let described = try JSONDecoder().decode(
                Description.self, from: try await onderdak("--experimental-dump-help").output)
            let page = try String(contentsOf: Self.root.appendingPathComponent("docs/onderdak.1"), encoding: .utf8)
            let told = page.split(separator: "\n").compactMap { line -> String? in
                if let command = line.wholeMatch(of: /\.It Em (.+)/) { return String(command.1) }
                return line.firstMatch(of: /^\.It Fl .*?-([a-z][a-z-]+)( Ar .*)?$/).map { "  --\($0.1)" }
            }
            let differences = told.difference(from: described.command.lines)
            #expect(differences.isEmpty, "run scripts/manual")
        }

        @Test func `The program is installed with its manual and with completions that shells understand`() async throws
        {
            let binary = try #require(ProcessInfo.processInfo.environment["ONDERDAK_BINARY"])
            try await withFolder { folder in
                let installed = try await Program(
                    ["--prefix", folder.path], executable: Self.root.appendingPathComponent("scripts/install").path,
                    environment: ["ONDERDAK_BINARY": binary]
                ).run()
                try #require(installed.status == 0, "\(installed.messages)")
                let bash = folder.appendingPathComponent("share/bash-completion/completions/onderdak").path
                let completed = try await Program(
                    [
                        "-c",
                        """
                        source "$0"
                        complete() {
                            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
                            _onderdak onderdak "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                            echo "${COMPREPLY[@]}"
                        }
                        complete onderdak req
                        complete onderdak request wi
                        complete onderdak request list --format j
                        """, bash,
                    ], executable: "/bin/bash"
                ).run()
                #expect(
                    completed.text.split(separator: "\n") == ["request", "withdraw", "json"], "\(completed.messages)")
                // The others where they are installed.
                for (shell, file) in [
                    ("/usr/bin/zsh", "share/zsh/site-functions/_onderdak"),
                    ("/usr/bin/fish", "share/fish/vendor_completions.d/onderdak.fish"),
                ] {
                    let path = folder.appendingPathComponent(file).path
                    #expect(try String(contentsOfFile: path, encoding: .utf8).contains("withdraw"))
                    guard FileManager.default.isExecutableFile(atPath: shell) else { continue }
                    let read = try await Program(["-n", path], executable: shell).run()
                    #expect(read.status == 0, "\(read.messages)")
                }
                #expect(FileManager.default.isReadableFile(atPath: folder.path + "/share/man/man1/onderdak.1"))
            }
        }
    }
}
