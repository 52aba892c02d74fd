package import Payments
import StrictJSON

extension PayPalProvider: PayoutProvider {
    /// PayPal remembers a `sender_batch_id` for thirty days; a day less, for clocks differ.
    private static let repeatable = Duration.seconds(29 * 24 * 3600)

    /// Sends a batch of one item under the withdrawal's id; PayPal refuses the same id a second time and tells the first batch.
    package func sendPayout(of withdrawal: Withdrawal, at now: Timestamp, send: ProviderSend) async -> PayoutOutcome {
        let approvedAt = withdrawal.decision?.decidedAt ?? withdrawal.createdAt
        guard now.since(approvedAt) < PayPalProvider.repeatable else {
            return .unknown(reason: "approved too long ago to be sent, or sent again, safely", retryAfter: nil)
        }
        guard let call = PayPalPayoutWork.order(withdrawal) else {
            return .refused(reason: PayPalPayoutWork.failure("DECIMALS_NOT_SUPPORTED"))
        }
        return await PayPalPayoutWork(withdrawal: withdrawal, now: now, calls: calls).send(call, send)
    }

    /// Reads the batch, then its item: a batch that has succeeded says nothing of the item.
    package func fetchPayout(of withdrawal: Withdrawal, at now: Timestamp, send: ProviderSend) async -> PayoutOutcome {
        guard let batch = PayPalID(withdrawal.providerReference) else {
            return .unknown(reason: "no batch is known", retryAfter: nil)
        }
        return await PayPalPayoutWork(withdrawal: withdrawal, now: now, calls: calls).look(batch, send)
    }

    /// PayPal takes back what nobody has claimed, and nothing else.
    package func cancelPayout(of withdrawal: Withdrawal, at now: Timestamp, send: ProviderSend) async -> PayoutOutcome {
        guard let batch = PayPalID(withdrawal.providerReference) else {
            return .unknown(reason: "no batch is known", retryAfter: nil)
        }
        return await PayPalPayoutWork(withdrawal: withdrawal, now: now, calls: calls, takesBack: true).look(batch, send)
    }
}

/// The steps that a payout is made of.
private struct PayPalPayoutWork {
    let withdrawal: Withdrawal
    let now: Timestamp
    let calls: PayPalCalls
    /// Whether an item that nobody has claimed is to be taken back.
    var takesBack = false

    private static let shortWait = Duration.seconds(5)
    /// Money that nobody claims waits for thirty days, and its end is told by an event.
    private static let longWait = Duration.seconds(3600)

    private static let messages: [String: (message: String, isRetryable: Bool)] = [
        "INSUFFICIENT_FUNDS": ("The balance at PayPal is not enough.", true),
        "RECEIVER_UNREGISTERED": ("The receiver has no account at PayPal and did not open one.", false),
        "RECEIVER_ACCOUNT_LOCKED": ("The receiver's account cannot take the money.", false),
        "RETURNED": ("The receiver did not take the money.", false),
    ]

    /// A reason in PayPal's words as a failure.
    static func failure(_ reason: String) -> ChargeFailure {
        let known = messages[reason] ?? ("PayPal could not pay the receiver.", false)
        return ChargeFailure(code: "payout_failed", message: known.message, providerCode: reason, isRetryable: known.isRetryable)
    }

    /// The order to pay; nil when PayPal cannot express the amount.
    static func order(_ withdrawal: Withdrawal) -> PayPalCall? {
        switch withdrawal.destination {
        case .payPal(let email):
            PayPalPayouts.create(withdrawal.amount, to: .email(email), reference: withdrawal.id.description)
        }
    }

    func send(_ call: PayPalCall, _ send: ProviderSend) async -> PayoutOutcome {
        switch await calls.make(call, at: now, send: send) {
        case .done(let object):
            guard let object, let batch = try? PayPalPayouts.batchID(object) else { return unreadable("batch") }
            return waiting(batch, PayPalPayoutWork.shortWait)
        case .refused(let issue):
            if let batch = issue.earlierBatch { return await look(batch, send) }
            return .refused(reason: PayPalPayoutWork.failure(issue.code))
        case .unknown(let reason, let retryAfter): return .unknown(reason: reason, retryAfter: retryAfter)
        case .notDone(let reason, let retryAfter): return .notDone(reason: reason, retryAfter: retryAfter)
        }
    }

    func look(_ id: PayPalID, _ send: ProviderSend) async -> PayoutOutcome {
        switch await calls.make(PayPalPayouts.batch(id), at: now, send: send) {
        case .done(let object):
            guard let object, let batch = try? PayPalPayouts.readBatch(object) else { return unreadable("batch") }
            guard batch.id == id, batch.reference == withdrawal.id.description else { return mismatch }
            guard let item = batch.itemID else {
                return batch.isDenied ? told(id, .failed(PayPalPayoutWork.failure("DENIED"))) : waiting(id, PayPalPayoutWork.shortWait)
            }
            return await look(item, of: batch, send)
        case .refused(let issue): return .unknown(reason: "PayPal refuses to tell: \(issue.code)", retryAfter: nil)
        case .unknown(let reason, let retryAfter): return .unknown(reason: reason, retryAfter: retryAfter)
        case .notDone(let reason, let retryAfter): return .notDone(reason: reason, retryAfter: retryAfter)
        }
    }

    private func look(_ id: PayPalID, of batch: PayPalPayouts.Batch, _ send: ProviderSend) async -> PayoutOutcome {
        switch await calls.make(PayPalPayouts.item(id), at: now, send: send) {
        case .done(let object):
            guard let object, let item = try? PayPalPayouts.read(object) else { return unreadable("item") }
            guard item.id == id, item.reference == withdrawal.id.description, item.amount == withdrawal.amount else { return mismatch }
            if takesBack, item.state == .unclaimed { return await takeBack(item, batch, send) }
            return standing(item, batch)
        case .refused(let issue): return .unknown(reason: "PayPal refuses to tell: \(issue.code)", retryAfter: nil)
        case .unknown(let reason, let retryAfter): return .unknown(reason: reason, retryAfter: retryAfter)
        case .notDone(let reason, let retryAfter): return .notDone(reason: reason, retryAfter: retryAfter)
        }
    }

    /// Whatever comes of it, the item itself says how it stands.
    private func takeBack(_ item: PayPalPayouts.Item, _ batch: PayPalPayouts.Batch, _ send: ProviderSend) async -> PayoutOutcome {
        let look = PayPalPayoutWork(withdrawal: withdrawal, now: now, calls: calls)
        switch await calls.make(PayPalPayouts.cancel(item.id), at: now, send: send) {
        case .done, .refused: return await look.look(item.id, of: batch, send)
        case .unknown(let reason, let retryAfter): return .unknown(reason: reason, retryAfter: retryAfter)
        case .notDone(let reason, let retryAfter): return .notDone(reason: reason, retryAfter: retryAfter)
        }
    }

    private func standing(_ item: PayPalPayouts.Item, _ batch: PayPalPayouts.Batch) -> PayoutOutcome {
        switch item.state {
        case .pending where batch.isDenied: told(batch.id, .failed(PayPalPayoutWork.failure("DENIED")), item)
        case .pending: waiting(batch.id, PayPalPayoutWork.shortWait)
        case .unclaimed: waiting(batch.id, PayPalPayoutWork.longWait)
        case .succeeded: told(batch.id, .paid, item)
        case .failed(let reason): told(batch.id, .failed(PayPalPayoutWork.failure(reason)), item)
        }
    }

    private func waiting(_ batch: PayPalID, _ wait: Duration) -> PayoutOutcome {
        .told(PayoutFact(reference: batch.description, state: .inTransit, occurredAt: now), lookAgainAfter: wait)
    }

    private func told(_ batch: PayPalID, _ state: PayoutFact.State, _ item: PayPalPayouts.Item? = nil) -> PayoutOutcome {
        let fact = PayoutFact(reference: batch.description, state: state, fee: item?.fee, occurredAt: item?.processedAt ?? now)
        return .told(fact, lookAgainAfter: nil)
    }

    private func unreadable(_ what: String) -> PayoutOutcome {
        .unknown(reason: "PayPal's answer is no \(what) that can be read", retryAfter: nil)
    }

    private var mismatch: PayoutOutcome { .unknown(reason: "PayPal's answer is about something else", retryAfter: nil) }
}
