import Payments
import PostgreSQL
import Storage
import Testing

/// A book with every kind of movement, in money with no decimals, with two and three, and in crypto with six, eight and eighteen.
enum SampleBook {
    /// 2026-11-20T12:00:00Z; an entry is posted on this day, or a number of days later.
    static let firstNoon = Timestamp(seconds: 1_795_176_000)

    /// Writes the book.
    static func write(on pool: ConnectionPool) async throws {
        let ledger = Ledger(pool: pool)
        let days = [try payments(), try fees(), try wallets() + exchanges() + crypto(), try corrections()]
        for (day, entries) in days.enumerated() {
            let now = firstNoon.advanced(by: .seconds(86_400 * day))
            var random = SystemRandomNumberGenerator()
            let requests = entries.map { PostingRequest(EntryID(at: now, random: &random), $0) }
            #expect(try await ledger.post(requests, at: now) == entries.map { _ in .created })
        }
        try await reserve(on: ledger)
    }

    /// Money that is reserved and then moved in part, moved whole, released, or still open; only what moved is exported.
    private static func reserve(on ledger: Ledger) async throws {
        let now = firstNoon.advanced(by: .seconds(86_400 * 4))
        let clearing = ChartOfAccounts.clearing(.promptPay, .thb)
        let wallet = try #require(ChartOfAccounts.wallet(customer: "reserving", .thb))
        let ends: [String: PendingResolution.Outcome] = ["part": .postPart([2500]), "whole": .post, "released": .void]
        var random = SystemRandomNumberGenerator()
        var entries = [try entry("reserving:deposit", .manual, move(clearing, wallet, "500.00"))]
        for name in ["part", "whole", "released", "open"] {
            entries.append(
                JournalEntry(
                    cause: EntryCause("hold:\(name)"),
                    kind: .reservation,
                    phase: .pending(expiresAt: nil),
                    try move(wallet, ChartOfAccounts.ordersPayable(.thb), "100.00"),
                    chargeID: nil,
                    occurredAt: now
                )
            )
        }
        var requests = entries.map { PostingRequest(EntryID(at: now, random: &random), $0) }
        for (name, outcome) in ends {
            let end = PendingResolution(
                cause: EntryCause("end:\(name)"),
                kind: .reservation,
                pending: EntryCause("hold:\(name)"),
                outcome: outcome,
                occurredAt: now,
                reason: "as agreed; \(name)"
            )
            requests.append(PostingRequest(EntryID(at: now, random: &random), end))
        }
        #expect(try await ledger.post(requests, at: now).allSatisfy { $0 == .created })
    }

    private static func account(_ name: String, _ code: String, _ kind: AccountClass, _ rule: BalanceRule = .unrestricted) throws
        -> LedgerAccount
    {
        LedgerAccount(name: try #require(AccountName(name)), asset: try #require(Asset(code: code)), kind: kind, rule: rule)
    }

    private static func move(_ debit: LedgerAccount, _ credit: LedgerAccount, _ decimal: String) throws -> Transfer {
        try Transfer(debit: debit, credit: credit, amount: Amount(decimal: decimal, asset: debit.asset))
    }

    private static func entry(_ cause: String, _ kind: EntryKind = .manual, _ transfers: Transfer...) throws -> JournalEntry {
        // What happened before midnight may be booked after it.
        let occurredAt = firstNoon.advanced(by: .seconds(-80_000))
        return JournalEntry(
            cause: EntryCause(cause),
            kind: kind,
            try #require(transfers.first),
            Array(transfers.dropFirst()),
            chargeID: kind == .capture ? ChargeID(value: 7) : nil,
            occurredAt: occurredAt
        )
    }

    private static func payments() throws -> [JournalEntry] {
        let promptPay = ChartOfAccounts.clearing(.promptPay, .thb)
        let orders = ChartOfAccounts.ordersPayable(.thb)
        let yen = ChartOfAccounts.clearing(.stripe, .jpy)
        let dinar = try #require(Asset(code: "KWD"))
        return [
            try entry("promptpay:ref1:captured", .capture, move(promptPay, orders, "240.00")),
            try entry("stripe:pi_1:captured", .capture, move(ChartOfAccounts.clearing(.stripe, .thb), orders, "1234567.89")),
            try entry("stripe:pi_2:captured", .capture, move(yen, ChartOfAccounts.ordersPayable(.jpy), "1500")),
            try entry(
                "stripe:pi_3:captured",
                .capture,
                move(ChartOfAccounts.clearing(.stripe, dinar), ChartOfAccounts.ordersPayable(dinar), "12.001")
            ),
            try entry("promptpay:unknown", .suspense, move(promptPay, ChartOfAccounts.suspense(.promptPay, .thb), "0.01")),
        ]
    }

    private static func fees() throws -> [JournalEntry] {
        let clearing = ChartOfAccounts.clearing(.stripe, .thb)
        let bank = try account("bank:KBANK:THB", "THB", .asset)
        let orders = ChartOfAccounts.ordersPayable(.thb)
        let disputes = try account("disputes:stripe:THB", "THB", .asset)
        let transit = try account("refunds:in_transit:THB", "THB", .liability)
        return [
            try entry(
                "stripe:fee",
                .manual,
                move(account("fees:stripe", "THB", .expense), clearing, "8.76"),
                move(account("vat:input", "THB", .asset), clearing, "0.61")
            ),
            try entry("payout", .manual, move(bank, clearing, "1234000.00")),
            try entry("sale", .manual, move(orders, account("sales:tickets:THB", "THB", .income), "1000.00")),
            try entry("refund", .manual, move(orders, transit, "100.00")),
            try entry("refund:paid", .manual, move(transit, bank, "100.00")),
            try entry("dispute:opened", .manual, move(disputes, clearing, "240.00")),
            try entry("dispute:lost", .manual, move(account("chargebacks:THB", "THB", .expense), disputes, "240.00")),
            try entry("reserve:held", .manual, move(account("reserve:stripe:THB", "THB", .asset), clearing, "50.00")),
            try entry("owner", .manual, move(bank, account("capital:THB", "THB", .equity), "5000.00")),
        ]
    }

    private static func wallets() throws -> [JournalEntry] {
        let wallet = try #require(ChartOfAccounts.wallet(customer: "User_42.a-b", .thb))
        // Another customer, whose id differs in one capital.
        let other = try #require(ChartOfAccounts.wallet(customer: "user_42.a-b", .thb))
        let prizes = try account("prizes:THB", "THB", .expense)
        let bank = try account("bank:KBANK:THB", "THB", .asset)
        let payable = try account("withdrawals:payable:THB", "THB", .liability)
        return [
            try entry("deposit", .manual, move(ChartOfAccounts.clearing(.promptPay, .thb), wallet, "500.00")),
            try entry("winnings", .manual, move(prizes, wallet, "6000.00"), move(prizes, other, "0.01")),
            try entry("withdrawal", .manual, move(wallet, payable, "6500.00")),
            try entry("withdrawal:paid", .manual, move(payable, bank, "6500.00")),
            // An account below another, which beancount would add up.
            try entry("below", .manual, move(account("bank:KBANK:THB:petty", "THB", .asset), bank, "7.00")),
        ]
    }

    private static func exchanges() throws -> [JournalEntry] {
        let bank = try account("bank:KBANK:THB", "THB", .asset)
        let rate = try #require(ExchangeRate(base: .jpy, quote: .thb, price: "0.2241"))
        return [
            try .exchange(
                cause: EntryCause("exchange:1500 JPY"),
                giving: Amount(decimal: "1500", asset: .jpy),
                from: ChartOfAccounts.clearing(.stripe, .jpy),
                receiving: Amount(decimal: "336.15", asset: .thb),
                into: bank,
                rate: rate,
                occurredAt: firstNoon
            )
        ]
    }

    private static func crypto() throws -> [JournalEntry] {
        try [("USDT", "1000000.000001"), ("BTC", "0.00000001"), ("ETH", "120000000.000000000000000001")].map { code, amount in
            let orders = try account("orders:payable:\(code)", code, .liability)
            return try entry("\(code):0xabc", .capture, move(account("crypto:hot:\(code)", code, .asset), orders, amount))
        }
    }

    /// Causes of people who do not wish us well, and of people who write Thai.
    private static func corrections() throws -> [JournalEntry] {
        let causes = [
            "two lines\n    Assets:Bank  1.00 THB", "a; b | c, date:2026-99-99", "[2026-99-99] \"q\" \\", "แก้ไขยอด ๑๒ บาท",
            "مرحبا\u{202E}", "=cmd|' /C calc'!A0", "option \"title\" \"x\"\r\n2026-11-20 open Assets:X", "\u{1B}[31m\u{2028}",
        ]
        return try causes.map { cause in
            try entry(
                cause,
                .manual,
                move(ChartOfAccounts.suspense(.promptPay, .thb), account("sales:tickets:THB", "THB", .income), "0.01")
            )
        }
    }
}
