package import Payments

/// Tells whether a slip pays a charge, by asking whoever can know.
package protocol SlipVerifying: Sendable {
    /// Reads a slip's text and asks about it.
    ///
    /// - Throws: `SlipRefusal`.
    func verify(slip text: String, for charge: Charge, at now: Timestamp, send: ProviderSend) async throws(SlipRefusal) -> SlipVerdict
}

/// What came of asking about a slip that was not refused.
package enum SlipVerdict: Sendable, Hashable {
    /// The slip is good: its transfer, and the facts that follow, possibly ones that are known already.
    case accepted(BankSlip, [PaymentFact])
    /// The bank could not be asked; the same slip may be shown again.
    case unavailable(reason: String)
}

extension PromptPayProvider: SlipVerifying {
    /// Asks the bank about the transfer, and then for the payments of the charge, whose names of the movement are those of its
    /// confirmations: so a confirmation that comes later books nothing twice.
    package func verify(
        slip text: String,
        for charge: Charge,
        at now: Timestamp,
        send: ProviderSend
    ) async throws(SlipRefusal) -> SlipVerdict {
        let slip = try PromptPayProvider.bankSlip(text)
        guard case .biller(let biller) = recipient else { throw .notSupported }
        switch await bank.look(up: slip, at: now, send: send) {
        case .none: throw .notSupported
        case .some(.unknownSlip): throw .unknownSlip
        case .some(.unavailable(let reason)): return .unavailable(reason: reason)
        case .some(.transfer(let transfer)):
            if let refusal = SlipRule.refusal(of: transfer, from: slip, for: charge, receiver: biller) { throw refusal }
            return await facts(of: transfer, slip, charge, at: now, send)
        }
    }

    private static func bankSlip(_ text: String) throws(SlipRefusal) -> BankSlip {
        let slip: Slip
        do throws(SlipError) {
            slip = try Slip(text: text)
        } catch {
            throw .unreadable
        }
        guard case .bank(let bankSlip) = slip else { throw .notSupported }
        return bankSlip
    }

    private func facts(
        of transfer: SlipTransfer,
        _ slip: BankSlip,
        _ charge: Charge,
        at now: Timestamp,
        _ send: ProviderSend
    ) async -> SlipVerdict {
        switch await bank.payments(of: charge, at: now, send: send) {
        case .unknown(let reason, _), .notDone(let reason, _): return .unavailable(reason: reason)
        case .facts(let facts) where !facts.isEmpty: return .accepted(slip, facts)
        default:
            // A charge that is paid was paid by a movement whose name we know; this is its slip, not another payment.
            guard charge.paidBy == nil else { return .accepted(slip, []) }
            let capture = PaymentFact.Capture(amount: transfer.amount, transaction: transfer.transactionReference)
            let fact = PaymentFact(
                provider: name,
                subject: .charge(charge.id),
                kind: .captured(capture),
                occurredAt: transfer.paidAt,
                providerReference: charge.providerReference
            )
            return .accepted(slip, [fact])
        }
    }
}
