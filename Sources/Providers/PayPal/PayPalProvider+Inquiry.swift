package import Payments
import StrictJSON

extension PayPalProvider: InquiringProvider {
    /// Reads what an event points at, and completes an order that its payer has approved.
    package func inquire(_ object: EventObject, for charge: Charge?, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome {
        guard let kind = PayPalObjectKind(rawValue: object.kind), let id = PayPalID(object.id) else {
            return .refused(reason: PayPalFailure.failure("INVALID_RESOURCE_ID"))
        }
        let inquiry = PayPalInquiry(charge: charge, now: now, calls: calls)
        switch kind {
        case .order: return await inquiry.order(id, send)
        case .capture: return await inquiry.capture(id, send)
        case .authorization: return await inquiry.authorization(id, send)
        case .refund: return await inquiry.refund(id, send)
        case .reversal: return await inquiry.reversal(id, send)
        case .dispute: return await inquiry.dispute(id, send)
        }
    }
}

/// The reading of one object, and of those that it leads to.
private struct PayPalInquiry {
    /// The charge that the event names; PayPal's answers decide.
    let charge: Charge?
    let now: Timestamp
    let calls: PayPalCalls

    /// An answer, or why there is none.
    private enum Reading<Object> {
        case object(Object)
        case detour(ProviderOutcome)
    }

    /// An order of ours is looked at and completed; all others were made by somebody else with our account, and pay by their captures.
    func order(_ id: PayPalID, _ send: ProviderSend) async -> ProviderOutcome {
        guard let charge, charge.providerReference == nil || charge.providerReference == id.description else { return .facts([]) }
        return await PayPalWork(charge: charge, now: now, calls: calls).settle(id, send)
    }

    func capture(_ id: PayPalID, _ send: ProviderSend) async -> ProviderOutcome {
        switch await read(PayPalRequests.capture(id), send, as: { (object) throws(InterpretationError) in try PayPalCapture(object) }) {
        case .detour(let outcome): outcome
        case .object(let capture) where capture.id != id: mismatch
        case .object(let capture): .facts(capture.facts())
        }
    }

    func authorization(_ id: PayPalID, _ send: ProviderSend) async -> ProviderOutcome {
        let call = PayPalRequests.authorization(id)
        switch await read(call, send, as: { (object) throws(InterpretationError) in try PayPalAuthorization(object) }) {
        case .detour(let outcome): return outcome
        case .object(let held) where held.id != id: return mismatch
        case .object(let held): return .facts(held.facts())
        }
    }

    func refund(_ id: PayPalID, _ send: ProviderSend) async -> ProviderOutcome {
        switch await read(PayPalRequests.refund(id), send, as: { (object) throws(InterpretationError) in try PayPalRefund(object) }) {
        case .detour(let outcome): return outcome
        case .object(let refund) where refund.id != id: return mismatch
        case .object(let refund):
            switch await owner(of: refund.captureID, send) {
            case .detour(let outcome): return outcome
            case .object(let owner): return .facts(refund.facts(of: owner))
            }
        }
    }

    /// Money that PayPal took back: the dispute's, where the capture has one, and else a refund that nobody asked for.
    ///
    /// A dispute lists its movements itself, so that money must have one name, whichever event comes first.
    func reversal(_ id: PayPalID, _ send: ProviderSend) async -> ProviderOutcome {
        let call = PayPalRequests.refund(id)
        switch await read(call, send, as: { (object) throws(InterpretationError) in try PayPalRefund(object) }) {
        case .detour(let outcome): return outcome
        case .object(let taken) where taken.id != id: return mismatch
        case .object(let taken):
            switch await owner(of: taken.captureID, send) {
            case .detour(let outcome): return outcome
            case .object(let owner): return await reversal(taken, of: owner, send)
            }
        }
    }

    private func reversal(_ taken: PayPalRefund, of owner: PayPalOwner, _ send: ProviderSend) async -> ProviderOutcome {
        guard let captureID = taken.captureID else { return .facts(taken.facts(of: owner)) }
        let disputes: [JSONElement]
        switch await calls.make(PayPalRequests.disputes(of: captureID), at: now, send: send) {
        case .done(let list): disputes = list?["items"]?.array ?? []
        case .refused: disputes = []
        case .unknown(let reason, let retryAfter): return .unknown(reason: reason, retryAfter: retryAfter)
        case .notDone(let reason, let retryAfter): return .notDone(reason: reason, retryAfter: retryAfter)
        }
        let open = disputes.first { $0["status"]?.string != "RESOLVED" } ?? disputes.first
        guard let dispute = PayPalID(open?["dispute_id"]?.string) else { return .facts(taken.facts(of: owner)) }
        let call = PayPalRequests.dispute(dispute)
        switch await read(call, send, as: { (object) throws(InterpretationError) in try PayPalDispute(object, taking: taken) }) {
        case .detour(let outcome): return outcome
        case .object(let dispute): return .facts(dispute.facts(of: owner))
        }
    }

    func dispute(_ id: PayPalID, _ send: ProviderSend) async -> ProviderOutcome {
        switch await read(PayPalRequests.dispute(id), send, as: { (object) throws(InterpretationError) in try PayPalDispute(object) }) {
        case .detour(let outcome): return outcome
        case .object(let dispute) where dispute.id != id: return mismatch
        case .object(let dispute):
            if let chargeID = dispute.chargeID { return .facts(dispute.facts(of: PayPalOwner(chargeID: chargeID))) }
            switch await owner(of: dispute.captureID, send) {
            case .detour(let outcome): return outcome
            case .object(let owner): return .facts(dispute.facts(of: owner))
            }
        }
    }

    /// Whose a capture is; a capture that PayPal does not know any more is nobody's.
    private func owner(of captureID: PayPalID?, _ send: ProviderSend) async -> Reading<PayPalOwner> {
        guard let captureID else { return .object(PayPalOwner(chargeID: nil)) }
        if let charge, charge.paidBy == captureID.description {
            return .object(PayPalOwner(chargeID: charge.id, orderID: charge.providerReference))
        }
        switch await read(
            PayPalRequests.capture(captureID),
            send,
            as: { (object) throws(InterpretationError) in try PayPalCapture(object) }
        ) {
        case .object(let capture): return .object(capture.owner)
        case .detour(.refused): return .object(PayPalOwner(chargeID: nil))
        case .detour(let outcome): return .detour(outcome)
        }
    }

    private func read<Object>(
        _ call: PayPalCall,
        _ send: ProviderSend,
        as make: (JSONElement) throws(InterpretationError) -> Object
    ) async -> Reading<Object> {
        switch await calls.make(call, at: now, send: send) {
        case .done(let object):
            guard let object else { return .detour(.unknown(reason: "PayPal answered nothing", retryAfter: nil)) }
            do throws(InterpretationError) {
                return .object(try make(object))
            } catch {
                return .detour(.unknown(reason: "PayPal's answer cannot be read: \(error.description)", retryAfter: nil))
            }
        case .refused(let issue): return .detour(.refused(reason: PayPalInquiry.refusal(issue)))
        case .unknown(let reason, let retryAfter): return .detour(.unknown(reason: reason, retryAfter: retryAfter))
        case .notDone(let reason, let retryAfter): return .detour(.notDone(reason: reason, retryAfter: retryAfter))
        }
    }

    private var mismatch: ProviderOutcome { .unknown(reason: "PayPal's answer is about something else", retryAfter: nil) }

    private static func refusal(_ issue: PayPalIssue) -> ChargeFailure {
        ChargeFailure(
            code: "provider_refused",
            message: issue.isNotFound ? "PayPal knows no such object." : "PayPal refuses to tell.",
            providerCode: issue.code,
            isRetryable: false
        )
    }
}
