package import Payments
import StrictJSON

extension PayPalProvider {
    /// PayPal keeps the ids of order requests for six hours; after that the same request would be a new order.
    private static let orderKeyIsGood = Duration.seconds(5 * 3600 + 1800)
    /// And those of refunds for 45 days.
    private static let refundKeyIsGood = Duration.seconds(44 * 86_400)

    /// Creates, completes, closes or looks up an order, takes what is held, or gives money back.
    package func perform(_ operation: ProviderOperation, for charge: Charge, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome
    {
        let work = PayPalWork(charge: charge, now: now, calls: calls)
        switch operation {
        case .create: return await create(work, send)
        case .fetch:
            guard let order = PayPalID(charge.providerReference) else { return .unknown(reason: "no order is known", retryAfter: nil) }
            return await work.settle(order, send)
        case .expire: return await close(work, as: .expired, at: charge.order.expiresAt ?? now, send)
        case .cancel: return await close(work, as: .canceled, at: now, send)
        case .capture(let amount): return await capture(amount, work, send)
        case .refund(let refund): return await self.refund(refund, work, send)
        }
    }

    /// Repeats the same request while its key is good.
    ///
    /// After that nothing can have been paid: nobody but us knows where such an order is approved, and its answer never came.
    private func create(_ work: PayPalWork, _ send: ProviderSend) async -> ProviderOutcome {
        if let order = PayPalID(work.charge.providerReference) { return await work.settle(order, send) }
        guard work.now.since(work.charge.createdAt) < PayPalProvider.orderKeyIsGood, let call = PayPalRequests.create(work.charge) else {
            return .facts([work.failed("provider_refused")])
        }
        switch await work.make(call, send) {
        case .done(let object): return work.facts(ofOrder: object)
        case .refused(let issue): return .facts([work.failed(issue.code)])
        case .unknown(let reason, let retryAfter): return .unknown(reason: reason, retryAfter: retryAfter)
        case .notDone(let reason, let retryAfter): return .notDone(reason: reason, retryAfter: retryAfter)
        }
    }

    /// Ends an order without money.
    ///
    /// PayPal has no call for it, but an order that we do not complete takes nothing; what is held is let go.
    private func close(_ work: PayPalWork, as kind: PaymentFact.Kind, at time: Timestamp, _ send: ProviderSend) async -> ProviderOutcome {
        let closed = ProviderOutcome.facts([work.fact(kind, at: time)])
        guard let reference = PayPalID(work.charge.providerReference) else { return closed }
        switch await work.order(reference, send) {
        case .detour(let outcome): return outcome
        case .gone: return closed
        case .found(let order):
            if order.captures.contains(where: \.isAlive) { return .facts(order.facts(for: work.charge, asOf: work.now)) }
            if let held = order.authorizations.first(where: \.holdsMoney) { return await work.void(held, of: reference, closed, send) }
            guard order.isUnpaid || !order.captures.isEmpty || !order.authorizations.isEmpty else {
                return .unknown(reason: "the order's status is not known", retryAfter: nil)
            }
            return closed
        }
    }

    private func capture(_ amount: Amount, _ work: PayPalWork, _ send: ProviderSend) async -> ProviderOutcome {
        guard let reference = PayPalID(work.charge.providerReference) else {
            return .refused(reason: PayPalFailure.failure("AUTHORIZATION_VOIDED"))
        }
        switch await work.order(reference, send) {
        case .detour(let outcome): return outcome
        case .gone: return .refused(reason: PayPalFailure.failure("AUTHORIZATION_EXPIRED"))
        case .found(let order):
            // The answer to an earlier try may have been lost.
            if order.captures.contains(where: \.isAlive) { return .facts(order.captures.flatMap { $0.facts(for: work.charge) }) }
            guard let held = order.authorizations.first(where: \.holdsMoney) else {
                return order.authorizations.isEmpty
                    ? .refused(reason: PayPalFailure.failure("AUTHORIZATION_VOIDED"))
                    : .facts(order.facts(for: work.charge, asOf: work.now))
            }
            guard let call = PayPalRequests.capture(amount, of: held.id, for: work.charge) else {
                return .refused(reason: PayPalFailure.failure("provider_refused"))
            }
            return await work.capture(call, of: reference, send)
        }
    }

    private func refund(_ refund: Refund, _ work: PayPalWork, _ send: ProviderSend) async -> ProviderOutcome {
        guard let capture = PayPalID(work.charge.paidBy), let call = PayPalRequests.refund(refund, of: capture) else {
            return .refused(reason: PayPalFailure.failure("REFUND_NOT_ALLOWED"))
        }
        guard work.now.since(refund.createdAt) < PayPalProvider.refundKeyIsGood else { return await work.find(refund, send) }
        switch await work.make(call, send) {
        case .done(let object): return work.facts(ofRefund: object)
        case .refused(let issue): return .refused(reason: PayPalFailure.failure(issue.code))
        case .unknown(let reason, let retryAfter): return .unknown(reason: reason, retryAfter: retryAfter)
        case .notDone(let reason, let retryAfter): return .notDone(reason: reason, retryAfter: retryAfter)
        }
    }
}
