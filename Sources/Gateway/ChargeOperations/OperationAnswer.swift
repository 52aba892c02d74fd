import Payments
import Providers
import Storage

/// The answers to operations on charges: 200 when the provider has answered, 202 while the outcome is not known.
enum OperationAnswer {
    /// The answer to an operation after the provider was asked; `refund` is the one of a refund as it stands.
    static func answer(to operation: ProviderOperation, _ outcome: ProviderOutcome, charge: Charge, refund: Refund?) -> KeptAnswer {
        switch operation {
        case .create: return ChargeRequests.answer(for: charge)
        case .refund(let asked): return answer(for: refund ?? asked)
        case .capture, .cancel, .expire, .fetch: break
        }
        switch outcome {
        case .facts: return KeptAnswer(status: 200, body: ChargeDocument.bytes(charge))
        case .unknown, .notDone, .open: return KeptAnswer(status: 202, body: ChargeDocument.bytes(charge))
        case .refused(let failure): return refusal(failure, of: charge)
        }
    }

    /// The answer to an operation whose requester was cut off, from how things stand now.
    static func answer(toAbandoned operation: String?, charge: Charge, refund: Refund?) -> KeptAnswer {
        guard let operation else { return ChargeRequests.answer(for: charge) }
        if let refund { return answer(for: refund) }
        let isDone = operation == "capture" ? charge.status == .succeeded : !charge.status.isOpen
        return KeptAnswer(status: isDone ? 200 : 202, body: ChargeDocument.bytes(charge))
    }

    private static func answer(for refund: Refund) -> KeptAnswer {
        let isWaiting = refund.status == .pending || refund.status == .requiresAction
        return KeptAnswer(status: isWaiting ? 202 : 200, body: RefundDocument.bytes(refund))
    }

    private static func refusal(_ failure: ChargeFailure, of charge: Charge) -> KeptAnswer {
        let problem = ProblemDocument(
            .providerRefused,
            detail: failure.message + (failure.providerCode.map { " (\($0))" } ?? ""),
            instance: "urn:truvapay:charge:\(charge.id)"
        )
        return KeptAnswer(status: problem.kind.status, contentType: ProblemDocument.contentType, body: problem.bytes)
    }
}
