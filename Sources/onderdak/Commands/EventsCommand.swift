import ArgumentParser
import Foundation
import Ledger

/// `onderdak events`: what happened, as far as one may know.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "What happened, in order, as far as you may know it.",
        discussion: """
            Every event has a position; with --after you go on where you were, and miss nothing.

            Example: onderdak events --after 120 --as shelter/s12
            """)

    @Option(help: "The position up to which you have read.") var after = 0
    @Option(help: "Only this kind of event; may be given several times.") var kind: [String] = []
    @Option(help: "At most so many.") var limit = 100
    @OptionGroup var acting: ActingOptions

    func run() async throws {
        try await acting.answer(
            {
                let kinds = kind.isEmpty ? nil : Set(kind)
                let batch = try await $0.events(after: after, kinds: kinds, limit: limit, as: $1)
                if batch.missed { Console.message("onderdak: events after \(after) were taken away for their age") }
                return batch.events
            },
            table: { events in
                var table = TextTable([("position", .right), ("at", .left), ("event", .left), ("about", .left)])
                for event in events {
                    table.add([String(event.position), event.at.ISO8601Format(), event.kind, event.subject.sentence])
                }
                return table.text
            })
    }
}

extension EventSubject {
    /// What it is about, in words.
    fileprivate var sentence: String {
        let numbers = [
            ("offer", offer), ("report", report), ("hold", hold), ("transfer", transfer), ("run", run),
            ("excess", excess), ("published", published), ("unplaced", unplaced), ("dropped", dropped),
        ]
        let texts = [("request", request), ("unit", unit), ("state", state)]
        return
            (texts.compactMap { name, text in text.map { "\(name) \($0)" } }
            + numbers.compactMap { name, number in number.map { "\(name) \($0)" } }).joined(separator: ", ")
    }
}
