import ArgumentParser
import Payments

/// `truvapay states`: the charge's state machine, drawn from the table that the code runs.
struct StatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "states",
        abstract: "Print the charge's state machine as a Mermaid diagram."
    )

    func run() throws {
        print(ChargeTransitions.diagram, terminator: "")
    }
}
