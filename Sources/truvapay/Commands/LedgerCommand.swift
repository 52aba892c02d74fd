import ArgumentParser
import Glibc
import Storage

/// `truvapay ledger`.
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "The books: verify, balances, entries.",
        subcommands: [Verify.self, Balances.self, Entries.self]
    )

    /// `truvapay ledger verify`.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Recompute every balance and every sum from the entries; name what is wrong."
        )

        func run() async throws {
            try await Database.withService { database in
                let showsProgress = isatty(STDERR_FILENO) == 1
                let report = try await LedgerVerification.verify(on: database.reading) { line in
                    if showsProgress { StandardError.write(line) }
                }
                for issue in report.issues { print(issue) }
                let summary = "\(report.entryCount) entries, \(report.transferCount) transfers, \(report.accountCount) accounts"
                guard report.issues.isEmpty else { throw Refusal("the books are wrong in \(report.issues.count) places: \(summary)") }
                print("the books are right: \(summary)")
            }
        }
    }
}
