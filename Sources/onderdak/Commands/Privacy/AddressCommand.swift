import ArgumentParser
import CareChain
import Foundation
import Ledger

/// `onderdak address`: where a shelter is, sealed.
struct AddressCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "address",
        abstract: "Where a shelter is: read it, put it on record; sealed, and every reading is noted.",
        discussion: "Example: onderdak address read s12 --as desk/national",
        subcommands: [Read.self, Write.self])

    struct Read: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "read", abstract: "The address of a shelter, to whom it is disclosed; never to police.",
            discussion: """
                To the desk, the shelter itself, and coordinators and guardians of whom somebody is placed there.

                Example: onderdak address read s12 --as coordinator/utr
                """)

        @Argument(help: "The shelter.") var shelter: ShelterID
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            let keys = try Keys.fromEnvironment()
            try await acting.answer({ ledger, actor in
                guard let address = try await ledger.address(of: shelter, as: actor, keys: keys) else {
                    throw Failure(status: .badData, sentence: "no address of shelter \"\(shelter)\" is on record")
                }
                return ["address": address]
            }) { ($0["address"] ?? "") + "\n" }
        }
    }

    struct Write: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "write", abstract: "Put a shelter's own address on record, read from standard input.",
            discussion: """
                From standard input, because other users of the machine can read a command's arguments.

                Example: echo 'Dorpsstraat 1, Ons Dorp' | onderdak address write s12 --as shelter/s12
                """)

        @Argument(help: "The shelter.") var shelter: ShelterID
        @OptionGroup var acting: ActingOptions

        func run() async throws {
            let keys = try Keys.fromEnvironment()
            let text = String(decoding: try InputFile.bytes("-"), as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            guard !text.isEmpty else {
                throw Failure(status: .badData, sentence: "standard input is empty: there is nothing to write")
            }
            try await acting.done("address of \(shelter): written") {
                try await $0.write(address: text, of: shelter, as: .actor($1), keys: keys)
            }
        }
    }
}
