import ArgumentParser
import Ledger

/// Who runs a command that answers in a form of its own.
struct ActorOption: ParsableArguments {
    @Option(name: .customLong("as"), help: "Who acts: ROLE/ID, coordinator/frl for example.")
    var actor: Actor
}
