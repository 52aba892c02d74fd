import ArgumentParser

/// Measures the product as it ships; figures compare only within one run on one machine.
@main
struct BenchmarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "truvapay-benchmarks",
        abstract: "Measures TruvaPay beside what else could be used, on a private PostgreSQL with default durability.",
        subcommands: [MeasureCommand.self, SoakCommand.self],
        defaultSubcommand: MeasureCommand.self
    )
}
