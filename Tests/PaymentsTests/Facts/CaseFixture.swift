import Payments
import TestSupport

/// Tells facts about the fixture's charge one after the other, through the case file that the shell uses.
enum CaseFixture {
    static let thb = ChargeFixture.thb

    static func refund(
        _ state: PaymentFact.Refund.State,
        _ satang: Int128 = 4000,
        transaction: String = "re_a",
        id: RefundID? = nil,
        at seconds: Int64 = 120
    ) -> PaymentFact {
        let refund = PaymentFact.Refund(refundID: id, transaction: transaction, amount: thb(satang), state: state)
        return ChargeFixture.fact(.refund(refund), at: seconds, reference: nil)
    }

    static func dispute(
        _ stage: PaymentFact.Dispute.Stage,
        _ satang: Int128 = 15000,
        dispute: String = "du_a",
        at seconds: Int64 = 130
    ) -> PaymentFact {
        let told = PaymentFact.Dispute(dispute: dispute, amount: thb(satang), stage: stage, reason: "fraudulent", respondBy: nil)
        return ChargeFixture.fact(.dispute(told), at: seconds, reference: nil)
    }

    static func funds(
        _ direction: PaymentFact.DisputeFunds.Direction,
        _ satang: Int128 = 15000,
        fee: Int128? = nil,
        dispute: String = "du_a",
        transaction: String = "txn_a",
        at seconds: Int64 = 131
    ) -> PaymentFact {
        let funds = PaymentFact.DisputeFunds(
            dispute: dispute,
            transaction: transaction,
            amount: thb(satang),
            fee: fee.map(thb),
            direction: direction
        )
        return ChargeFixture.fact(.disputeFunds(funds), at: seconds, reference: nil)
    }

    static func fee(_ satang: Int128, transaction: String = "txn_fee") -> PaymentFact {
        ChargeFixture.fact(.fee(PaymentFact.Fee(transaction: transaction, amount: thb(satang))), reference: nil)
    }

    static func payout(_ state: PaymentFact.Payout.State, _ satang: Int128 = 9000, payout: String = "po_a") -> PaymentFact {
        PaymentFact(
            provider: .stripe,
            subject: .unknown,
            kind: .payout(PaymentFact.Payout(payout: payout, amount: thb(satang), state: state)),
            occurredAt: Timestamp(seconds: 140)
        )
    }

    /// The same fact, as one tells it who only knows the provider's name for the payment.
    static func byReference(_ fact: PaymentFact) -> PaymentFact {
        PaymentFact(provider: fact.provider, subject: .reference(ChargeFixture.reference), kind: fact.kind, occurredAt: fact.occurredAt)
    }

    /// A refund that the order core has asked for.
    static func asked(_ satang: Int128 = 4000, id: UInt128 = 7) -> Refund {
        Refund(
            id: RefundID(value: id),
            chargeID: ChargeFixture.id,
            provider: .stripe,
            amount: thb(satang),
            createdAt: Timestamp(seconds: 115)
        )
    }

    static func tell(
        _ facts: [PaymentFact],
        to charge: Charge? = ChargeFixture.charge(),
        refunds: [Refund] = []
    ) -> Told {
        var file = CaseFile(charges: charge.map { [$0] } ?? [], refunds: refunds)
        let counter = Counter()
        let new = CaseFile.NewIdentifiers(
            refund: { RefundID(value: counter.next()) },
            dispute: { DisputeID(value: counter.next()) },
            settlement: { SettlementID(value: counter.next()) }
        )
        var told = Told()
        for refund in refunds { told.refunds[refund.id] = refund }
        for fact in facts {
            let (decision, _) = file.decide(fact, at: Timestamp(seconds: 1000), new: new)
            told.add(decision)
        }
        told.charge = file.charges[ChargeFixture.id]
        return told
    }

    private final class Counter {
        private var last: UInt128 = 1000

        func next() -> UInt128 {
            last += 1
            return last
        }
    }

    /// What became of everything.
    struct Told {
        var charge: Charge?
        var refunds: [RefundID: Refund] = [:]
        var disputes: [String: Dispute] = [:]
        var settlements: [String: Settlement] = [:]
        var entries: [JournalEntry] = []
        var notifications: [NotificationType] = []
        var ordinals: [Int64] = []
        /// What finance still has to look at.
        var exceptions: [PaymentException] = []
        var reasons: [SuspenseReason] { exceptions.map(\.reason) }

        fileprivate mutating func add(_ decision: Decision) {
            if let refund = decision.refund { refunds[refund.id] = refund }
            if let dispute = decision.dispute { disputes[dispute.providerReference] = dispute }
            if let settlement = decision.settlement { settlements[settlement.providerReference] = settlement }
            entries += decision.entries
            notifications += decision.notifications.map(\.type)
            ordinals += decision.notifications.map(\.ordinal)
            exceptions += decision.exceptions
            exceptions.end(decision.resolutions)
            for adoption in decision.adoptions { add(adoption) }
        }

        /// The money on an account, positive as its class stands.
        func balance(_ account: LedgerAccount) -> Int128 {
            ChargeFixture.Told(charge: ChargeFixture.charge(), entries: entries).balance(account)
        }

        var clearing: Int128 { balance(ChartOfAccounts.clearing(.stripe, .thb)) }
        var payable: Int128 { balance(ChartOfAccounts.ordersPayable(.thb)) }
        var suspense: Int128 { balance(ChartOfAccounts.suspense(.stripe, .thb)) }
        var disputed: Int128 { balance(ChartOfAccounts.disputes(.stripe, .thb)) }
        var fees: Int128 { balance(ChartOfAccounts.fees(.stripe, .thb)) }
        var inTransit: Int128 { balance(ChartOfAccounts.inTransit(.stripe, .thb)) }
        var refund: Refund? { refunds.values.first }
    }
}
