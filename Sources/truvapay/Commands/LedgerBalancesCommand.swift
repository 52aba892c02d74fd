import ArgumentParser
import Payments
import Storage

extension LedgerCommand {
    /// `truvapay ledger balances`.
    struct Balances: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every account with its two sides and its balance, now or at a time.")

        @Option(help: "As it stood when this moment was over, for example 2026-11-23T09:30:00Z.")
        var at: String?

        @Option(help: "One account only.")
        var account: String?

        @Option(help: "table, json or csv.")
        var format = ListingFormat.table

        func run() async throws {
            let time = try LedgerArguments.time(at, option: "--at")
            let name = try LedgerArguments.account(account)
            try await Database.withService { database in
                guard let name else {
                    let balance = try await LedgerReads.trialBalance(at: time, on: database.reading)
                    print(listing(balance.accounts))
                    guard balance.isBalanced else { throw Refusal("debits and credits differ") }
                    return
                }
                guard let standing = try await LedgerReads.account(name, at: time, on: database.reading) else {
                    throw Refusal("there is no account \(name)")
                }
                print(listing([standing]))
            }
        }

        private func listing(_ accounts: [AccountStanding]) -> String {
            let rows = accounts.map { account in
                [
                    account.account.name.text, account.account.asset.code, account.account.kind.rawValue, account.debits.decimal,
                    account.credits.decimal, account.held.decimal, account.available.decimal, account.balance.decimal,
                ]
            }
            let columns = ["account", "asset", "class", "debits", "credits", "held", "available", "balance"]
            return Listing(columns: columns, rows: rows).text(format)
        }
    }
}

/// Reads what the commands about the books take.
enum LedgerArguments {
    /// A time that may be missing.
    static func time(_ text: String?, option: String) throws -> Timestamp? {
        guard let text else { return nil }
        guard let time = Timestamp(rfc3339: text) else {
            throw Refusal("\(option) takes a time such as 2026-11-23T09:30:00Z, not \(text)", status: ExitStatus.usage)
        }
        return time
    }

    /// The name of an account that may be missing.
    static func account(_ text: String?) throws -> AccountName? {
        guard let text else { return nil }
        guard let name = AccountName(text) else {
            throw Refusal("\(text) is no name of an account", status: ExitStatus.usage)
        }
        return name
    }
}
