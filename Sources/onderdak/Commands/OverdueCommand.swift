import ArgumentParser
import Foundation
import Ledger

/// `onderdak overdue`: all that is late.
struct OverdueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "overdue", abstract: "All that is late, the longest first.",
        discussion: """
            offer-answer: nobody answered; guardian: nobody can, until a minor's guardian is on record; \
            place: a request waits too long; night-confirmation: the morning has not looked; \
            handover: a checklist is not complete; end: an agreed end is past.

            Example: onderdak overdue --as desk/national
            """)

    @OptionGroup var acting: ActingOptions

    func run() async throws {
        try await acting.answer({ try await $0.overdue(as: $1) }) { items in
            var table = TextTable([("task", .left), ("request", .left), ("what", .left), ("due", .left)])
            for item in items { table.add([item.task, item.request, item.subject, item.due.ISO8601Format()]) }
            return table.text
        }
    }
}
