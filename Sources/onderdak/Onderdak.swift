import ArgumentParser
import CareChain
import Foundation
import Planning

/// `onderdak`: plans who stays where, and keeps the record.
@main
struct Onderdak: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "onderdak",
        abstract: "Places victims of human trafficking in shelters: free and suitable, with reasons.",
        discussion: """
            Data goes to standard output, messages to standard error. Exit status: 0 fine, 1 failed, 2 infeasible or \
            check failed, 64 wrong usage, 65 bad input data.

            Example: onderdak generate snapshot --seed 1 | onderdak plan - --format table
            """,
        version: "onderdak \(Planner.version)",
        subcommands: [
            PlanCommand.self, ExplainCommand.self, VerifyCommand.self, GenerateCommand.self, EnumerateCommand.self,
            MigrateCommand.self, LoadCommand.self, RunsCommand.self, RequestCommand.self, OfferCommand.self,
            PlacementCommand.self, HoldCommand.self, ActionCommand.self, NightCommand.self, CapacityCommand.self,
            FindCommand.self, OverdueCommand.self, EventsCommand.self, WebhookCommand.self, StatementCommand.self,
            FiguresCommand.self, ClockCommand.self, CaseCommand.self, AddressCommand.self, BasisCommand.self,
            BreakGlassCommand.self, CoverageCommand.self, AuditCommand.self, RetentionCommand.self, KeysCommand.self,
            DoctorCommand.self, ServeCommand.self, WorkCommand.self, TokenCommand.self,
        ])

    @OptionGroup(title: "On a server (request, offer, capacity, find, runs)") var server: ServerOptions

    /// The option by which a server was named.
    private static var serverOption: String? {
        CommandLine.arguments.first { $0 == "--server" || $0.hasPrefix("--server=") }
    }

    static func main() async {
        do {
            var command = try parseAsRoot()
            if !(command is any ServedCommand), let option = serverOption {
                throw ValidationError("This is done in the database only, and knows no \(option).")
            }
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Console.message("onderdak: \(failure.sentence)")
            Foundation.exit(failure.status.rawValue)
        } catch {
            exit(withError: error)
        }
    }
}
