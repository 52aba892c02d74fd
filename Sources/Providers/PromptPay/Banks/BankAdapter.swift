import Payments
import StrictJSON

/// How one bank, or one who collects through banks, tells of payments and answers questions about them: the other side's wire formats.
///
/// Three are built in: our own signed confirmation (`SignedBank`), SCB's, which signs nothing and is asked (`SCBBank`), and Omise's, which
/// signs and is asked all the same (`OmiseBank`). Another bank is another type of this protocol and a case of `PromptPayBank`.
protocol BankAdapter: Sendable {
    /// The one event that tells of a payment.
    var eventType: String { get }
    /// Whether the bank can be asked about a charge; where it can, a charge whose confirmation never came is asked about.
    var canBeAsked: Bool { get }
    /// Whether the bank makes the QR, so that a charge begins with a call to it.
    var makesQR: Bool { get }

    /// Takes what comes from the bank: signature and age where it signs, else the form only, and nothing moves before `inquire`.
    ///
    /// - Throws: `WebhookRefusal`.
    func verify(_ webhook: UnverifiedWebhook, at now: Timestamp) throws(WebhookRefusal) -> VerifiedWebhook

    /// Reads an event.
    ///
    /// - Throws: `InterpretationError` when the body is not what the bank documents.
    func interpret(_ webhook: VerifiedWebhook) throws(InterpretationError) -> Interpretation

    /// The answer that the bank expects; anything else makes it send again, or give up.
    func acknowledgement(of webhook: VerifiedWebhook) -> WebhookAcknowledgement

    /// Asks the bank how that stands which an event of `Interpretation.needsFetch` points at; its answer alone counts.
    func inquire(_ object: EventObject, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome

    /// Makes the QR of a charge at the bank; for banks that do.
    func create(_ charge: Charge, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome

    /// Asks the bank how a charge stands; no fact means that nothing was paid as yet.
    func payments(of charge: Charge, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome

    /// Closes a charge at the bank, where it keeps one; whatever comes of it, `payments` tells how the charge then stands.
    func close(_ charge: Charge, at now: Timestamp, send: ProviderSend) async

    /// Asks the bank what a slip stands for; nil where the bank offers no such question.
    func look(up slip: BankSlip, at now: Timestamp, send: ProviderSend) async -> SlipAnswer?
}

extension BankAdapter {
    var eventType: String { BankConfirmation.eventType }

    var makesQR: Bool { false }

    func inquire(_ object: EventObject, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome {
        .refused(reason: ChargeFailure(code: "not_confirmed", message: "The bank cannot be asked.", isRetryable: false))
    }

    func create(_ charge: Charge, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome {
        .notDone(reason: "the QR is drawn here", retryAfter: nil)
    }

    func payments(of charge: Charge, at now: Timestamp, send: ProviderSend) async -> ProviderOutcome { .facts([]) }

    func close(_ charge: Charge, at now: Timestamp, send: ProviderSend) async {}

    func look(up slip: BankSlip, at now: Timestamp, send: ProviderSend) async -> SlipAnswer? { nil }
}

/// The answer to a confirmation in SCB's form; anything else is sent again three times, and then never (SCB, "Payment confirmation").
enum SCBAcknowledgement {
    static func of(_ transaction: String) -> WebhookAcknowledgement {
        let body = JSONValue.object(
            JSONObject([("resCode", .string("00")), ("resDesc", .string("success")), ("transactionId", .string(transaction))])
        )
        return WebhookAcknowledgement(contentType: "application/json", body: body.serialized())
    }

    /// The bank's name for the movement in a body, when it is one that can be answered.
    static func transaction(in document: JSONDocument) -> String? {
        guard let transaction = document.root["transactionId"]?.string, (1...100).contains(transaction.utf8.count),
            transaction.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return transaction
    }
}
