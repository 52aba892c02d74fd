import Payments
import PostgreSQL
import Storage
import TestSupport
import Testing

/// A small book with every kind of row: each phase, both kinds of expiry, a conversion, reasons, charges, several chains, anchors with a
/// tail behind them, and a closed account.
struct SampleBook {
    static let begin = Timestamp(seconds: 1_795_460_000)
    static let payable = ChartOfAccounts.ordersPayable(.thb)
    static let clearing = ChartOfAccounts.clearing(.promptPay, .thb)
    static let chargeID = ChargeID(value: 0x0197_0000_0000_7000_8000_0000_0000_0001)

    let ledger: Ledger
    private let pool: ConnectionPool

    init(pool: ConnectionPool) {
        self.pool = pool
        ledger = Ledger(pool: pool)
    }

    static func wallet(_ customer: String) throws -> LedgerAccount {
        try #require(ChartOfAccounts.wallet(customer: customer, .thb))
    }

    static func held(_ customer: String) throws -> LedgerAccount {
        try #require(ChartOfAccounts.held(customer: customer, .thb))
    }

    /// A request for an entry of one transfer.
    static func entry(
        _ cause: String,
        _ debit: LedgerAccount,
        _ credit: LedgerAccount,
        _ minorUnits: Int128,
        kind: EntryKind = .manual,
        phase: JournalEntry.Phase = .posted,
        chargeID: ChargeID? = nil,
        reason: String? = nil,
        at now: Timestamp = begin
    ) throws -> PostingRequest {
        var random = SystemRandomNumberGenerator()
        let transfer = try Transfer(debit: debit, credit: credit, amount: Amount(minorUnits: minorUnits, asset: debit.asset))
        let entry = JournalEntry(
            cause: EntryCause(cause),
            kind: kind,
            phase: phase,
            transfer,
            chargeID: chargeID,
            occurredAt: now,
            reason: reason
        )
        return PostingRequest(EntryID(at: now, random: &random), entry)
    }

    /// A request for the end of a pending entry.
    static func ending(
        _ cause: String,
        _ pending: String,
        _ outcome: PendingResolution.Outcome,
        at now: Timestamp = begin
    ) -> PostingRequest {
        var random = SystemRandomNumberGenerator()
        let resolution = PendingResolution(
            cause: EntryCause(cause),
            kind: .reservation,
            pending: EntryCause(pending),
            outcome: outcome,
            occurredAt: now,
            reason: "because"
        )
        return PostingRequest(EntryID(at: now, random: &random), resolution)
    }

    /// What is wrong with the books.
    static func issues(_ pool: ConnectionPool, expecting head: [UInt8]? = nil) async throws -> [String] {
        try await LedgerVerification.verify(on: pool, expecting: head) { _ in }.issues
    }

    /// Writes the book; answers the digest of its last anchor.
    func write() async throws -> [UInt8] {
        _ = try await pool.withSession { try await $0.executeScript(Self.charge) }
        let first = try Self.wallet("c1")
        let second = try Self.wallet("c2")
        var anchors = JournalAnchors(ledger: ledger)
        try await post([
            try Self.entry("deposit 1", Self.clearing, first, 10_000, reason: "by hand"),
            try Self.entry("deposit 2", Self.clearing, second, 5_000),
            try Self.entry("capture", Self.clearing, Self.payable, 700, kind: .capture, chargeID: Self.chargeID),
        ])
        _ = try await anchors.advance(at: Self.begin)
        try await reserve(first)
        try await post([try exchange(from: second)], by: Ledger(pool: pool))
        _ = try await anchors.advance(at: Self.begin.advanced(by: .seconds(1)))
        // A chain that begins after an anchor, and two writers at once, who need a chain each.
        let another = Ledger(pool: pool)
        var others = JournalAnchors(ledger: another)
        _ = try await others.advance(at: Self.begin)
        try await post([try Self.entry("after anchor", Self.clearing, Self.payable, 3)], by: another)
        try await close()
        let last = try #require(try await anchors.advance(at: Self.begin.advanced(by: .seconds(2))))
        try await post([try Self.entry("tail", Self.clearing, first, 12)])
        return last.digest
    }

    private func reserve(_ wallet: LedgerAccount) async throws {
        let later = Self.begin.advanced(by: .seconds(60))
        let phases: [(String, JournalEntry.Phase)] = [
            ("open", .pending(expiresAt: nil)), ("open until", .pending(expiresAt: later.advanced(by: .seconds(3600)))),
            ("to post", .pending(expiresAt: nil)), ("to post in part", .pending(expiresAt: nil)), ("to void", .pending(expiresAt: nil)),
            ("to expire", .pending(expiresAt: later)),
        ]
        let held = try Self.held("c1")
        try await post(
            try phases.map { try Self.entry($0.0, wallet, held, 100, kind: .reservation, phase: $0.1, reason: "set aside") }
        )
        try await post([
            Self.ending("post", "to post", .post), Self.ending("post in part", "to post in part", .postPart([40])),
            Self.ending("void", "to void", .void),
        ])
        try await post([Self.ending("expire", "to expire", .expire, at: later)], at: later)
    }

    private func exchange(from wallet: LedgerAccount) throws -> PostingRequest {
        var random = SystemRandomNumberGenerator()
        let usdt = try #require(Asset(code: "USDT"))
        let entry = try JournalEntry.exchange(
            cause: EntryCause("exchange"),
            giving: Amount(minorUnits: 3645, asset: .thb),
            from: wallet,
            receiving: Amount(minorUnits: 1_000_000, asset: usdt),
            into: try #require(ChartOfAccounts.wallet(customer: "c2", usdt)),
            rate: try #require(ExchangeRate(base: usdt, quote: .thb, price: "36.45")),
            occurredAt: Self.begin
        )
        return PostingRequest(EntryID(at: Self.begin, random: &random), entry)
    }

    private func close() async throws {
        let account = LedgerAccount(name: try #require(AccountName("bank:kbank:THB")), asset: .thb, kind: .liability)
        try await post([try Self.entry("bank", Self.clearing, account, 1), try Self.entry("solved", account, Self.payable, 1)])
        #expect(try await ledger.close(account.name, reason: "not used any more", at: Self.begin) == .closed)
    }

    private func post(_ requests: [PostingRequest], at now: Timestamp = begin, by ledger: Ledger? = nil) async throws {
        let results = try await (ledger ?? self.ledger).post(requests, at: now)
        #expect(results.allSatisfy { $0 == .created }, "\(results)")
    }

    private static let charge = """
        INSERT INTO charges (id, order_id, amount, asset, method, capture, metadata, provider, status, amount_captured, amount_refunded,
            created_at, updated_at, version)
        VALUES ('01970000-0000-7000-8000-000000000001', 'order', 700, 'THB', 'promptpay', 'automatic', '{}', 'promptpay', 'succeeded', 700,
            0, now(), now(), 1)
        """
}
