import ArgumentParser
import Payments

/// `truvapay states`: the state machines, drawn from the tables that the code runs.
struct StatesCommand: ParsableCommand {
    /// What has a state machine.
    enum Machine: String, ExpressibleByArgument, CaseIterable {
        case charge
        case refund
        case dispute
        case settlement
        case withdrawal
    }

    static let configuration = CommandConfiguration(
        commandName: "states",
        abstract: "Print a state machine as a Mermaid diagram."
    )

    @Argument(help: "charge, refund, dispute, settlement or withdrawal.")
    var machine = Machine.charge

    func run() throws {
        let diagram =
            switch machine {
            case .charge: ChargeTransitions.diagram
            case .refund: RefundTransitions.diagram
            case .dispute: DisputeTransitions.diagram
            case .settlement: SettlementTransitions.diagram
            case .withdrawal: WithdrawalTransitions.diagram
            }
        print(diagram, terminator: "")
    }
}
