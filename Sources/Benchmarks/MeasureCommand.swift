import ArgumentParser

/// Measures group by group and prints a table.
struct MeasureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "measure", abstract: "Measure, print a table and write it as JSON.")

    @OptionGroup var options: MeasureOptions

    func run() async throws {
        var report = BenchmarkReport(machine: await Conditions.ofMachine())
        for group in options.groups {
            Output.progress("measuring \(group.rawValue)")
            try await report.add { try await run(group) }
            try report.write(to: options.json)
        }
    }

    private func run(_ group: GroupName) async throws -> MeasuredGroup {
        switch group {
        case .ledger: try await LedgerGroup(options: options).run()
        case .webhooks: try await WebhookGroup(options: options).run()
        case .charges: try await ChargeGroup(options: options).run()
        case .credits: try await CreditGroup(options: options).run()
        case .latency: try await LatencyGroup(options: options).run()
        case .growth: try await GrowthGroup(options: options).run()
        case .verification: try await VerificationGroup(options: options).run()
        }
    }
}

/// The parts that can be measured alone.
enum GroupName: String, CaseIterable, ExpressibleByArgument {
    case ledger
    case webhooks
    case charges
    case credits
    case latency
    case growth
    case verification
}

/// What is measured and how much of it.
struct MeasureOptions: ParsableArguments {
    @Option(help: "Rounds of each measurement; the median is printed.")
    var rounds = 5

    @Option(help: "Transfers of one round of bulk posting.")
    var transfers = 60_000

    @Option(help: "Seconds of one round of a comparator that is run by time.")
    var seconds = 2.0

    @Option(parsing: .upToNextOption, help: "Measure only these groups, of: \(GroupName.allCases.map(\.rawValue).joined(separator: ", ")).")
    var only: [GroupName] = []

    @Option(help: "Folder of a checkout of pgledger, which is measured beside ours.")
    var pgledger: String?

    @Option(help: "Folder that scripts/benchmarks/fetch-node-modules.sh unpacked express and pg to.")
    var nodeModules: String?

    @Option(help: "Webhooks of one round.")
    var events = 20_000

    @Option(help: "Entries of the large book of the group growth.")
    var book = 10_000_000

    @Option(help: "Entries of the book of the group verification.")
    var verifiedBook = 1_000_000

    @Option(help: "File that everything is written to as JSON.")
    var json = "benchmark-results.json"

    /// The groups in their order.
    var groups: [GroupName] { GroupName.allCases.filter { only.isEmpty || only.contains($0) } }

    func validate() throws {
        guard rounds > 0, transfers >= 4000, events >= 64, seconds > 0 else {
            throw ValidationError("at least one round, 4000 transfers, 64 events and more than no time are needed")
        }
    }
}
