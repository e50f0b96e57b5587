import ArgumentParser
import Ledger

/// `onderdak keys`: the keys of what is confidential.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "The keys that seal identities, health, addresses and the audit trail.",
        discussion: """
            A file of keys has one on a line: a name, a space, 32 bytes in Base64. The first seals; keep the others, which \
            open what they sealed. ONDERDAK_KEY_FILE names the file, or ONDERDAK_KEY holds keys with commas between. \
            The database never has a key: without it, what they sealed is lost.

            Examples:
              onderdak keys generate 2026-a > keys
              (onderdak keys generate 2026-b; cat keys) > new && mv new keys && onderdak keys rotate
            """,
        subcommands: [Generate.self, Rotate.self, Show.self])

    struct Generate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "generate", abstract: "Make a key.",
            discussion: "Example: onderdak keys generate 2026-a > keys")

        @Argument(help: "The key's name, without spaces.")
        var name: String

        func validate() throws {
            if name.isEmpty || name.contains(where: { $0.isWhitespace || $0 == "," }) || name.hasPrefix("#") {
                throw ValidationError("A key's name has no spaces and no commas, and does not begin with #.")
            }
        }

        func run() throws {
            try Console.write(KeyRing.line(forNewKey: name) + "\n")
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate", abstract: "Seal with the first key what others sealed.",
            discussion: """
                Broken off, it goes on where it was when it is run again. Keep the old keys as long as the audit trail \
                that they sealed has to be verified. For operators.

                Example: onderdak keys rotate --as admin/1
                """)

        @OptionGroup var by: OperatorOption

        @Option(help: "What to print: table or json.")
        var format = OutputFormat.table

        func run() async throws {
            let keys = try Keys.fromEnvironment()
            let count = try await Database.withLedger { try await $0.rotateKeys(keys, by: by.actor) }
            try format.show(Row(key: keys.currentID, values: count)) {
                "\($0.values) values are sealed anew with key \($0.key)\n"
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Which keys sealed what is there.",
            discussion: "For operators. Example: onderdak keys show")

        @OptionGroup var by: OperatorOption

        @Option(help: "What to print: table or json.")
        var format = OutputFormat.table

        func run() async throws {
            let used = try await Database.withLedger { ledger in
                try await ledger.keysInUse(by: by.actor).map { Row(key: $0.id, values: $0.values) }
            }
            switch format {
            case .json: try Console.write(json: used)
            case .table:
                var table = TextTable([("key", .left), ("values", .right)])
                for row in used { table.add([row.key, String(row.values)]) }
                try Console.write(table.text)
            }
        }
    }

    private struct Row: Encodable {
        let key: String
        let values: Int
    }
}
