import Payments

/// Transfers that nobody has posted before, between ten thousand accounts.
struct TransferLoad: Sendable {
    /// Whether every transfer touches one and the same account.
    let isHot: Bool
    private let accounts: [LedgerAccount]

    static let accountCount = 10_000

    /// Names the accounts.
    init(isHot: Bool) {
        self.isHot = isHot
        accounts = (0..<TransferLoad.accountCount).compactMap { number in
            AccountName("benchmark:\(number):THB").map { LedgerAccount(name: $0, asset: .thb, kind: .liability) }
        }
    }

    /// How the load is called in the report.
    var name: String { isHot ? "hot account" : "spread" }

    /// Batches of `size` transfers; ids and causes are those of this moment, as they would be in production.
    func batches(_ count: Int, of size: Int) throws -> [[LedgerAccess.Entry]] {
        try (0..<count).map { _ in try (0..<size).map { _ in try entry() } }
    }

    /// Every account once, so that none has to be made while the clock runs.
    func openingBatches() throws -> [[LedgerAccess.Entry]] {
        try stride(from: 0, to: accounts.count, by: 1000).map { start in
            try (start..<start + 1000).map { try entry(from: $0, to: ($0 + 1) % accounts.count) }
        }
    }

    /// Two different accounts by number.
    func pair() -> (Int, Int) {
        let first = isHot ? 0 : Int.random(in: 0..<accounts.count)
        return (first, (first + 1 + Int.random(in: 0..<accounts.count - 1)) % accounts.count)
    }

    private func entry() throws -> LedgerAccess.Entry {
        let (first, second) = pair()
        return try entry(from: first, to: second)
    }

    private func entry(from first: Int, to second: Int) throws -> LedgerAccess.Entry {
        var random = SystemRandomNumberGenerator()
        let now = WallTime.now()
        let id = EntryID(at: now, random: &random)
        let transfer = try Transfer(
            debit: accounts[first],
            credit: accounts[second],
            amount: Amount(minorUnits: Int128.random(in: 1...100_000), asset: .thb)
        )
        let cause = EntryCause("stripe:pi_\(id):captured")
        return (id, JournalEntry(cause: cause, kind: .manual, transfer, chargeID: nil, occurredAt: now))
    }
}
