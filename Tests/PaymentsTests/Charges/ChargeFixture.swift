import Payments

/// A charge of 150.00 THB and facts about it, at whole seconds.
enum ChargeFixture {
    static let id = ChargeID(value: 1)
    static let reference = "pi_1"

    static func charge(capture: CaptureMode = .automatic, expiresAt: Int64? = nil) -> Charge {
        let order = ChargeOrder(
            orderID: "LT-1",
            amount: thb(15000),
            method: .card,
            capture: capture,
            expiresAt: expiresAt.map { Timestamp(seconds: $0) }
        )
        return Charge(id: id, order: order, provider: .stripe, createdAt: Timestamp(seconds: 100))
    }

    static func thb(_ satang: Int128) -> Amount {
        Amount(minorUnits: satang, asset: .thb)
    }

    static func fact(_ kind: PaymentFact.Kind, at seconds: Int64 = 110, reference: String? = reference) -> PaymentFact {
        PaymentFact(
            provider: .stripe,
            subject: .charge(id),
            kind: kind,
            occurredAt: Timestamp(seconds: seconds),
            providerReference: reference
        )
    }

    static func captured(_ satang: Int128 = 15000, transaction: String = reference, at seconds: Int64 = 110) -> PaymentFact {
        fact(.captured(PaymentFact.Capture(amount: thb(satang), transaction: transaction)), at: seconds)
    }

    static let declined = ChargeFailure(code: "card_declined", message: "The card was declined.", isRetryable: false)

    /// Tells facts one after the other, as the shell does: money whose cause is booked already is not decided again.
    static func tell(_ facts: [PaymentFact], to charge: Charge) -> Told {
        var told = Told(charge: charge)
        for fact in facts {
            if case .captured(let capture) = fact.kind,
                told.entries.contains(where: { $0.cause == CaptureCause.of(capture, through: fact.provider) })
            {
                continue
            }
            let decision = told.charge.apply(fact, at: Timestamp(seconds: 1000))
            told.charge = decision.charge ?? told.charge
            told.entries += decision.entries
            told.notifications += decision.notifications.map(\.type)
            told.reasons += decision.exceptions.map(\.reason)
        }
        return told
    }

    /// What became of a charge.
    struct Told {
        var charge: Charge
        var entries: [JournalEntry] = []
        var notifications: [NotificationType] = []
        var reasons: [SuspenseReason] = []

        /// The money on an account, positive as its class stands.
        func balance(_ account: LedgerAccount) -> Int128 {
            entries.flatMap(\.transfers).reduce(0) { sum, transfer in
                let side: Int128 = account.kind.isDebitNormal ? 1 : -1
                if transfer.debit.name == account.name { return sum + side * transfer.amount.minorUnits }
                if transfer.credit.name == account.name { return sum - side * transfer.amount.minorUnits }
                return sum
            }
        }
    }
}
