import Payments
import StrictJSON
import TestSupport
import Testing

@testable import Providers

/// The stories of `providers/crypto/vectors.json`, and what holds for every story.
@Suite("how an invoice stands")
struct InvoiceStandingTests {
    /// What has happened on the chain up to now.
    private struct Chain {
        var payments: [String: ChainPayment] = [:]
        var now: Int64 = 0

        mutating func take(_ event: JSONValue) {
            now = max(now, event["t"]?.int64 ?? 0)
            let key = event["tx"]?.string ?? ""
            switch event["type"]?.string {
            case "seen": see(key, event["units"]?.int64 ?? 0, at: event["t"]?.int64 ?? 0)
            case "confirmed":
                guard let payment = payments[key] else { return }
                payments[key] = ChainPayment(
                    key: key,
                    amount: payment.amount,
                    seenAt: payment.seenAt,
                    confirmations: Int(event["n"]?.int64 ?? 0)
                )
            case "replaced":
                payments[key] = nil
                let units = event["units"]?.int64 ?? 0
                if let other = event["by"]?.string, units > 0 { see(other, units, at: event["t"]?.int64 ?? 0) }
            case "reorganised", "reorg", "dropped": payments[key] = nil
            default: break
            }
        }

        private mutating func see(_ key: String, _ units: Int64, at time: Int64) {
            guard payments[key] == nil else { return }
            payments[key] = ChainPayment(
                key: key,
                amount: Amount(minorUnits: Int128(units), asset: .btc),
                seenAt: Timestamp(seconds: time),
                confirmations: 0
            )
        }
    }

    private static func terms(_ invoice: JSONValue?) -> InvoiceTerms {
        let percent = (try? CoinUnits.units(invoice?["tolerance_percent"]?.string ?? "0", decimals: 2)) ?? 0
        return InvoiceTerms(
            due: Amount(minorUnits: Int128(invoice?["due_units"]?.int64 ?? 0), asset: .btc),
            expiresAt: Timestamp(seconds: invoice?["expires_at"]?.int64 ?? 0),
            monitoredUntil: Timestamp(seconds: invoice?["monitor_until"]?.int64 ?? 0),
            confirmationsNeeded: Int(invoice?["confirmations_needed"]?.int64 ?? 0),
            toleranceBasisPoints: Int(percent)
        )
    }

    private static let stories = CryptoVectorsTests.file["invoice_states"]?.array ?? []

    @Test("every story ends as it should, told in order, and with every event twice")
    func stories() {
        for story in Self.stories {
            for repetition in 1...2 {
                var chain = Chain()
                for event in story["events"]?.array ?? [] {
                    for _ in 0..<repetition { chain.take(event) }
                }
                let standing = InvoiceStanding(
                    of: Array(chain.payments.values),
                    terms: Self.terms(story["invoice"]),
                    at: Timestamp(seconds: chain.now)
                )
                let name = story["name"]?.string ?? ""
                #expect(standing.status.rawValue == story["status"]?.string, "\(name)")
                #expect(standing.detail?.rawValue == story["detail"]?.string, "\(name)")
            }
        }
        #expect(Self.stories.count >= 8)
    }

    private static func standing(_ payments: [(Int64, Int64, Int)], at now: Int64, tolerance: Int = 0, needed: Int = 1) -> InvoiceStanding {
        InvoiceStanding(
            of: payments.enumerated().map { index, payment in
                ChainPayment(
                    key: "tx\(index)",
                    amount: Amount(minorUnits: Int128(payment.0), asset: .btc),
                    seenAt: Timestamp(seconds: payment.1),
                    confirmations: payment.2
                )
            },
            terms: InvoiceTerms(
                due: Amount(minorUnits: 100_000, asset: .btc),
                expiresAt: Timestamp(seconds: 900),
                monitoredUntil: Timestamp(seconds: 4500),
                confirmationsNeeded: needed,
                toleranceBasisPoints: tolerance
            ),
            at: Timestamp(seconds: now)
        )
    }

    @Test("seen in time counts, however late it is confirmed")
    func seenInTime() {
        #expect(Self.standing([(100_000, 900, 0)], at: 901) == InvoiceStanding(.seen))
        #expect(Self.standing([(100_000, 900, 1)], at: 2000) == InvoiceStanding(.settled))
        #expect(Self.standing([(100_000, 901, 1)], at: 2000) == InvoiceStanding(.expired, .paidLate))
        #expect(Self.standing([(100_000, 900, 0)], at: 4500) == InvoiceStanding(.invalid))
    }

    @Test("parts make a whole only together and in time")
    func parts() {
        #expect(Self.standing([(40_000, 1, 1)], at: 10) == InvoiceStanding(.pending, .paidPartial))
        #expect(Self.standing([(40_000, 1, 1), (60_000, 5, 0)], at: 10) == InvoiceStanding(.seen))
        #expect(Self.standing([(40_000, 1, 1), (60_000, 5, 1)], at: 10) == InvoiceStanding(.settled))
        #expect(Self.standing([(40_000, 1, 1), (60_000, 950, 1)], at: 1000) == InvoiceStanding(.expired, .paidLate))
    }

    @Test("what is tolerated is rounded so that the merchant does not lose by it")
    func tolerance() {
        #expect(Self.standing([(99_500, 1, 1)], at: 10, tolerance: 50) == InvoiceStanding(.settled))
        #expect(Self.standing([(99_499, 1, 1)], at: 10, tolerance: 50) == InvoiceStanding(.pending, .paidPartial))
        #expect(Self.standing([(99_999, 1, 1)], at: 10) == InvoiceStanding(.pending, .paidPartial))
    }

    @Test("the order of payments and events does not matter")
    func order() {
        let payments: [(Int64, Int64, Int)] = [(40_000, 1, 2), (30_000, 5, 1), (30_000, 6, 3), (10_000, 7, 0)]
        let expected = Self.standing(payments, at: 500)
        #expect(expected == InvoiceStanding(.settled, .paidOver))
        for order in permutations(of: payments) { #expect(Self.standing(order, at: 500) == expected) }
    }

    @Test("a payment's confirmations are counted by the dearer rule for dearer charges")
    func policy() throws {
        let file = "providers/crypto/policy.yaml"
        let policy = try ConfirmationsPolicy(yaml: Fixture.text(file), file: file)
        let baht: (String) throws -> Amount = { try Amount(decimal: $0, asset: .thb) }
        #expect(policy.confirmations(for: try baht("100000.00"), in: .btc) == 2)
        #expect(policy.confirmations(for: try baht("100000.01"), in: .btc) == 6)
        // A currency without a limit is taken for dear.
        #expect(policy.confirmations(for: Amount(minorUnits: 1, asset: .jpy), in: .btc) == 6)
        #expect(policy.confirmations(for: try baht("1.00"), in: .usdt) == 12)
        #expect(policy.confirmations(for: try baht("1.00"), in: .thb) == nil)
    }

    @Test(
        "a policy that is not whole is refused",
        arguments: [
            "confirmations: {}", "tolerance_basis_points: 0\nmonitored_for: 3600\nconfirmations: { DOGE: {} }",
            "tolerance_basis_points: 5000\nmonitored_for: 3600\nconfirmations: {}",
            "tolerance_basis_points: 0\nmonitored_for: 3600\nconfirmations: { BTC: { up_to: {}, within: 6, beyond: 2 } }",
        ]
    )
    func badPolicy(text: String) {
        #expect(throws: ProfileError.self) { try ConfirmationsPolicy(yaml: text, file: "policy.yaml") }
    }
}
