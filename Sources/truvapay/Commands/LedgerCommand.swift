import ArgumentParser
import Cryptography
import Gateway
import Glibc
import Payments
import Storage

/// `truvapay ledger`.
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "The books: verify, balances, entries, export, close.",
        subcommands: [Verify.self, Balances.self, Entries.self, Export.self, Close.self]
    )

    /// `truvapay ledger verify`.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Recompute every digest, chain, balance and sum; name what is wrong."
        )

        @Option(help: "The head that an earlier run printed; it must still be part of the book.")
        var expect: String?

        func run() async throws {
            let expected = try expect.map { text in
                guard let digest = try? Hexadecimal.decode(text), digest.count == SHA256.byteCount else {
                    throw Refusal("\(text) is no digest: 64 hexadecimal digits", status: ExitStatus.usage)
                }
                return digest
            }
            try await Database.withService { database in
                let line = ProgressLine()
                let report = try await LedgerVerification.verify(on: database.reading, expecting: expected) { line.show($0) }
                line.clear()
                for issue in report.issues { print(issue) }
                let summary =
                    "\(report.entryCount) entries, \(report.transferCount) transfers, \(report.accountCount) accounts, "
                    + "\(report.sealCount) seals, \(report.recordCount) records in \(report.recordSealCount) seals, "
                    + "\(report.anchorCount) anchors, \(report.unanchoredSealCount) seals not anchored yet"
                guard report.issues.isEmpty else { throw Refusal("the books are wrong in \(report.issues.count) places: \(summary)") }
                print("the books are right: \(summary)")
                // Only what an anchor holds can be expected later.
                if let head = report.anchorDigest { print("head: \(Hexadecimal.encode(head))") }
                print("book: \(Hexadecimal.encode(report.bookDigest))")
            }
        }
    }

    /// `truvapay ledger close`.
    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Close an account for good; what stands on it stays.")

        @Option(help: "The account's name.")
        var account: String

        @Option(help: "Why; kept with the account for whoever looks later.")
        var reason: String

        func run() async throws {
            guard let name = AccountName(account) else { throw Refusal("\(account) is no account name", status: ExitStatus.usage) }
            guard (1...500).contains(reason.utf8.count) else {
                throw Refusal("the reason must have 1 to 500 bytes", status: ExitStatus.usage)
            }
            try await Database.withService { database in
                let ledger = Ledger(pool: database.pool)
                switch try await ledger.close(name, reason: reason, at: database.surroundings.now()) {
                case .closed: print("closed \(name)")
                case .alreadyClosed: throw Refusal("\(name) was closed before")
                case .notFound: throw Refusal("there is no account \(name)")
                case .hasPendingEntries: throw Refusal("something on \(name) is pending; post, void or let it expire first")
                case .usedByPayments: throw Refusal("payments are booked on \(name), whoever made them; it stays open")
                }
            }
        }
    }
}
