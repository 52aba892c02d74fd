import ArgumentParser
import Gateway
import Payments
import Storage

extension LedgerCommand {
    /// `truvapay ledger export`.
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the books down for another program: what was posted, with opening and closing balances.",
            discussion: """
                --from is included and --to is not: --from 2026-11-01 --to 2026-12-01 is November. Both are RFC 3339 times or days in UTC, \
                compared with the time of posting. Amounts are debits less credits, so income and liabilities are negative.
                """
        )

        @Option(help: "hledger, beancount, csv or json; json is one object on each line.")
        var format: Format

        @Option(help: "The first instant that is exported; without it the beginning.")
        var from: InstantArgument?

        @Option(help: "The first instant that is not exported any more; without it everything up to now.")
        var to: InstantArgument?

        @Option(help: "Write to this file, which appears when it is whole, instead of standard output.")
        var output: String?

        /// How the books are written down.
        enum Format: String, ExpressibleByArgument, CaseIterable {
            case hledger, beancount, csv, json

            var type: any JournalFormat.Type {
                switch self {
                case .hledger: HledgerJournal.self
                case .beancount: BeancountJournal.self
                case .csv: CSVJournal.self
                case .json: JSONJournal.self
                }
            }
        }

        func run() async throws {
            guard let period = ExportPeriod(from: from?.instant, to: to?.instant) else {
                throw Refusal("--from must be before --to", status: ExitStatus.usage)
            }
            let type = format.type
            let output = try ExportOutput(path: output)
            do {
                try await Database.withService { database in
                    let now = database.surroundings.now()
                    _ = try await LedgerExport.write(type, period, now: now, on: database.reading) { try output.write($0) }
                }
                try output.finish()
            } catch {
                output.discard()
                throw error
            }
        }
    }
}

/// An RFC 3339 time, or a day, which stands for its beginning in UTC.
struct InstantArgument: ExpressibleByArgument {
    let instant: Timestamp

    init?(argument: String) {
        guard let instant = Timestamp(rfc3339: argument) ?? CivilDate(iso8601: argument)?.start else { return nil }
        self.instant = instant
    }
}
