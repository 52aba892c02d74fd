import Payments
import StrictJSON

/// The steps that operations on a charge's order are made of.
struct PayPalWork {
    let charge: Charge
    let now: Timestamp
    let calls: PayPalCalls

    private static let shortWait = Duration.seconds(2)

    /// What came of looking for an order.
    enum Lookup {
        case found(PayPalOrder)
        /// PayPal has no order of that id any more.
        case gone
        case detour(ProviderOutcome)
    }

    /// Makes a call of the API.
    func make(_ call: PayPalCall, _ send: ProviderSend) async -> PayPalAnswer {
        await calls.make(call, at: now, send: send)
    }

    /// A fact about the charge.
    func fact(_ kind: PaymentFact.Kind, at time: Timestamp) -> PaymentFact {
        PayPalOwner(chargeID: charge.id, orderID: charge.providerReference).fact(kind, at: time, charge)
    }

    /// The end of the attempt for a reason in PayPal's words.
    func failed(_ issue: String) -> PaymentFact {
        fact(.attemptFailed(PayPalFailure.failure(issue)), at: now)
    }

    /// Reads an order.
    func order(_ id: PayPalID, _ send: ProviderSend) async -> Lookup {
        switch await make(PayPalRequests.order(id), send) {
        case .done(let object):
            guard let object, let order = try? PayPalOrder(object), order.id == id else { return .detour(unreadable("order")) }
            guard order.owner.chargeID == charge.id || order.owner.chargeID == nil && charge.providerReference == id.description else {
                return .detour(.refused(reason: PayPalFailure.failure("ORDER_OF_ANOTHER_CHARGE")))
            }
            return .found(order)
        case .refused(let issue) where issue.isNotFound: return .gone
        case .refused(let issue): return .detour(.unknown(reason: "PayPal refuses to tell: \(issue.code)", retryAfter: nil))
        case .unknown(let reason, let retryAfter): return .detour(.unknown(reason: reason, retryAfter: retryAfter))
        case .notDone(let reason, let retryAfter): return .detour(.notDone(reason: reason, retryAfter: retryAfter))
        }
    }

    /// Looks how an order stands, and completes it when the payer has approved it and the charge still waits.
    func settle(_ id: PayPalID, _ send: ProviderSend) async -> ProviderOutcome {
        switch await order(id, send) {
        case .detour(let outcome): return outcome
        case .gone: return .facts([fact(.canceled, at: now)])
        case .found(let order):
            let isInTime = charge.order.expiresAt.map { now <= $0 } ?? true
            guard order.awaitsCompletion, charge.status.isOpen, isInTime else {
                return .facts(order.facts(for: charge, asOf: now))
            }
            return await complete(order, send)
        }
    }

    private func complete(_ order: PayPalOrder, _ send: ProviderSend) async -> ProviderOutcome {
        switch await make(PayPalRequests.complete(order.id, of: charge), send) {
        case .done(let object): return facts(ofOrder: object)
        case .unknown(let reason, let retryAfter): return .unknown(reason: reason, retryAfter: retryAfter)
        case .notDone(let reason, let retryAfter): return .notDone(reason: reason, retryAfter: retryAfter)
        case .refused(let issue):
            switch PayPalFailure.meaning(of: issue.code) {
            case .wait: return .unknown(reason: "PayPal is at it: \(issue.code)", retryAfter: PayPalWork.shortWait)
            case .look: return await standing(of: order.id, send)
            case .payAgain:
                guard let url = issue.redirectURL ?? order.payerURL ?? redirectURL else { return .facts([failed(issue.code)]) }
                return .facts([fact(.actionRequired(.redirect(url: url)), at: now)])
            case .failed: return .facts([failed(issue.code)])
            }
        }
    }

    /// Where the payer was sent at first.
    private var redirectURL: String? {
        if case .redirect(let url) = charge.nextAction { url } else { nil }
    }

    private func standing(of id: PayPalID, _ send: ProviderSend) async -> ProviderOutcome {
        switch await order(id, send) {
        case .detour(let outcome): outcome
        case .gone: .facts([fact(.canceled, at: now)])
        case .found(let order): .facts(order.facts(for: charge, asOf: now))
        }
    }

    /// Lets go of what is held; `closed` is what follows when that is done.
    func void(_ held: PayPalAuthorization, of order: PayPalID, _ closed: ProviderOutcome, _ send: ProviderSend) async -> ProviderOutcome {
        switch await make(PayPalRequests.void(held.id, for: charge), send) {
        case .done: return closed
        case .unknown(let reason, let retryAfter): return .unknown(reason: reason, retryAfter: retryAfter)
        case .notDone(let reason, let retryAfter): return .notDone(reason: reason, retryAfter: retryAfter)
        // Mostly that it was let go before, or taken in the meantime; the order tells which.
        case .refused: return await standing(of: order, send)
        }
    }

    /// Takes what is held.
    func capture(_ call: PayPalCall, of order: PayPalID, _ send: ProviderSend) async -> ProviderOutcome {
        switch await make(call, send) {
        case .done(let object):
            guard let object, let capture = try? PayPalCapture(object, orderID: order.description) else { return unreadable("capture") }
            return .facts(capture.facts(for: charge))
        case .unknown(let reason, let retryAfter): return .unknown(reason: reason, retryAfter: retryAfter)
        case .notDone(let reason, let retryAfter): return .notDone(reason: reason, retryAfter: retryAfter)
        case .refused(let issue) where issue.code == "AUTHORIZATION_ALREADY_CAPTURED": return await standing(of: order, send)
        case .refused(let issue) where ["AUTHORIZATION_VOIDED", "AUTHORIZATION_EXPIRED", "AUTHORIZATION_DENIED"].contains(issue.code):
            return .facts([fact(.canceled, at: now)])
        case .refused(let issue): return .refused(reason: PayPalFailure.failure(issue.code))
        }
    }

    /// Looks for a refund of ours whose request must not be repeated any more.
    func find(_ refund: Refund, _ send: ProviderSend) async -> ProviderOutcome {
        guard let reference = PayPalID(charge.providerReference) else { return .unknown(reason: "no order is known", retryAfter: nil) }
        switch await order(reference, send) {
        case .detour(let outcome): return outcome
        case .gone: return .unknown(reason: "the order is gone", retryAfter: nil)
        case .found(let order):
            guard let found = order.refunds.first(where: { $0.refundID == refund.id }) else {
                return .refused(reason: PayPalFailure.failure("REFUND_TIME_LIMIT_EXCEEDED"))
            }
            return .facts(found.facts(of: PayPalOwner(chargeID: charge.id), charge))
        }
    }

    /// What an answer that should be the charge's order says.
    func facts(ofOrder object: JSONElement?) -> ProviderOutcome {
        guard let object, let order = try? PayPalOrder(object) else { return unreadable("order") }
        return .facts(order.facts(for: charge, asOf: now))
    }

    /// What an answer that should be a refund of the charge says.
    func facts(ofRefund object: JSONElement?) -> ProviderOutcome {
        guard let object, let refund = try? PayPalRefund(object) else { return unreadable("refund") }
        return .facts(refund.facts(of: PayPalOwner(chargeID: charge.id), charge))
    }

    private func unreadable(_ what: String) -> ProviderOutcome {
        .unknown(reason: "PayPal's answer is no \(what) that can be read", retryAfter: nil)
    }
}
