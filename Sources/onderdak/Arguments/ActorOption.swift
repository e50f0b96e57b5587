import ArgumentParser
import Ledger

/// Who runs a command that answers in a form of its own.
struct ActorOption: ParsableArguments {
    @Option(name: .customLong("as"), help: "Who acts: ROLE/ID, as in the example.")
    var actor: Actor
}

/// Who runs a command that keeps the ledger in order: without it, whoever has the machine.
struct OperatorOption: ParsableArguments {
    @Option(
        name: .customLong("as"),
        help: "Who acts: ROLE/ID, admin/1 for example; without it, whoever has the machine and the database.")
    var actor: Actor?
}
