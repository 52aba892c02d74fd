/// A payment that finance has to look at.
package struct PaymentException: Sendable, Hashable {
    /// The ledger entry that holds the money.
    package let cause: EntryCause
    package let reason: SuspenseReason
    package let provider: ProviderName
    /// The provider's name for the movement.
    package let transaction: String
    package let amount: Amount
    /// The charge it was meant for, if one is known.
    package let chargeID: ChargeID?
    /// When the money moved.
    package let occurredAt: Timestamp
    /// The provider's name for the refund or dispute that waits for its charge, if it is about one.
    package private(set) var subject: String?
}

extension PaymentException {
    /// The same, about a refund or dispute that waits for its charge.
    func about(_ subject: String) -> PaymentException {
        var exception = self
        exception.subject = subject
        return exception
    }
}

/// The end of exceptions that later facts have answered, so that nobody has to look at them.
package struct ExceptionResolution: Sendable, Hashable {
    /// What the exceptions said.
    package let reason: SuspenseReason
    package let provider: ProviderName
    /// The provider's name for the refund or dispute; nil for all of the charge.
    package let subject: String?
    package let chargeID: ChargeID
    /// What is written about it.
    package let note: String

    /// The charge of a refund or dispute has become known.
    static func found(_ charge: Charge, of subject: String) -> ExceptionResolution {
        ExceptionResolution(
            reason: .unknownCharge,
            provider: charge.provider,
            subject: subject,
            chargeID: charge.id,
            note: "The charge became known after this was told, and its books were put right."
        )
    }

    /// A charge's returns are no more than what came in, because one of them came back.
    static func covered(_ charge: Charge) -> ExceptionResolution {
        ExceptionResolution(
            reason: .returnsExceedCapture,
            provider: charge.provider,
            subject: nil,
            chargeID: charge.id,
            note: "A refund or a disputed amount came back, so no more went back than came in."
        )
    }
}
