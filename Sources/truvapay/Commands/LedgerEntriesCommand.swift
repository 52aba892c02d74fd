import ArgumentParser
import Payments
import Storage

extension LedgerCommand {
    /// `truvapay ledger entries`.
    struct Entries: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The newest entries of an account with the balance after each.")

        @Option(help: "The account.")
        var account: String

        @Option(help: "Posted at this time or later, for example 2026-11-23T09:30:00Z.")
        var from: String?

        @Option(help: "Posted before this time.")
        var to: String?

        @Option(help: "How many.")
        var limit = 50

        @Option(help: "table, json or csv.")
        var format = ListingFormat.table

        func run() async throws {
            guard limit > 0 else { throw Refusal("--limit takes a number greater than zero", status: ExitStatus.usage) }
            let range = HistoryRange(
                from: try LedgerArguments.time(from, option: "--from"),
                to: try LedgerArguments.time(to, option: "--to")
            )
            guard let name = try LedgerArguments.account(account) else { return }
            try await Database.withService { database in
                guard let entries = try await AccountHistory.entries(of: name, in: range, limit: limit, on: database.reading) else {
                    throw Refusal("there is no account \(name)")
                }
                let columns = ["entry", "posted_at", "kind", "phase", "cause", "side", "amount", "balance"]
                print(Listing(columns: columns, rows: entries.map(Entries.row)).text(format))
            }
        }

        private static func row(_ entry: AccountEntry) -> [String] {
            [
                entry.id.description, entry.postedAt.rfc3339, entry.kind.rawValue, entry.phase.rawValue, entry.cause.text,
                entry.side?.rawValue ?? "",
                entry.amount.decimal, entry.standing.balance.decimal,
            ]
        }
    }
}
