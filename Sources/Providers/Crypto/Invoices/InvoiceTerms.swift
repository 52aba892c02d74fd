package import Payments

/// What an invoice asks for and within which times.
package struct InvoiceTerms: Sendable, Hashable {
    /// What has to be sent.
    package let due: Amount
    /// A payment counts when it was first seen until then; the rate and the goods are kept as long.
    package let expiresAt: Timestamp
    /// How long a payment that was seen in time may still be confirmed.
    package let monitoredUntil: Timestamp
    /// Blocks that have to confirm a payment, the one that holds it included.
    package let confirmationsNeeded: Int
    /// Hundredths of a percent that may be missing, because exchanges take their fee from what they send.
    package let toleranceBasisPoints: Int

    /// Describes an invoice.
    package init(
        due: Amount,
        expiresAt: Timestamp,
        monitoredUntil: Timestamp,
        confirmationsNeeded: Int,
        toleranceBasisPoints: Int
    ) {
        self.due = due
        self.expiresAt = expiresAt
        self.monitoredUntil = monitoredUntil
        self.confirmationsNeeded = confirmationsNeeded
        self.toleranceBasisPoints = toleranceBasisPoints
    }

    /// The least that counts as the whole, rounded up.
    package var enough: Int128 {
        let missing = due.minorUnits.magnitude.multipliedFullWidth(by: UInt128(max(0, min(toleranceBasisPoints, 10_000))))
        let tolerated = UInt128(10_000).dividingFullWidth(missing).quotient
        return due.minorUnits - Int128(tolerated)
    }
}

/// One payment to the address of an invoice, as the chain shows it now.
package struct ChainPayment: Sendable, Hashable {
    /// Network, transaction and the index of its output or log: unique over all chains.
    package let key: String
    package let amount: Amount
    /// When the processor saw it first, in a block or on its way to one.
    package let seenAt: Timestamp
    /// Blocks on top of its transaction, the one that holds it included; zero on its way.
    package let confirmations: Int

    /// Describes a payment.
    package init(key: String, amount: Amount, seenAt: Timestamp, confirmations: Int) {
        self.key = key
        self.amount = amount
        self.seenAt = seenAt
        self.confirmations = confirmations
    }
}
