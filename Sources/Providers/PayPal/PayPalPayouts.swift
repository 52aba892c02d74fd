import HTTPTypes
import Payments
import StrictJSON

/// Payouts v1: calls and answers, pure; money leaves only when the shell sends them.
///
/// Unlike everywhere else at PayPal the currency's member is called `currency` here.
enum PayPalPayouts {
    /// To whom a payout goes.
    enum Recipient: Sendable, Hashable {
        case email(String)
        case phone(String)
        case payPalID(String)

        fileprivate var wire: (type: String, receiver: String) {
            switch self {
            case .email(let text): ("EMAIL", text)
            case .phone(let text): ("PHONE", text)
            case .payPalID(let text): ("PAYPAL_ID", text)
            }
        }
    }

    /// Where a payout's item stands.
    enum State: Sendable, Hashable {
        /// Not decided yet; also every status that we do not know.
        case pending
        case succeeded
        /// The money has left us, and the receiver has thirty days to open an account.
        case unclaimed
        /// The money is with us, or has come back.
        case failed(reason: String)
    }

    /// An item of a payout, as PayPal tells it.
    struct Item {
        let id: PayPalID
        /// Our own name for it.
        let reference: String?
        let amount: Amount
        /// What PayPal keeps for it; nil for nothing.
        let fee: Amount?
        let state: State
        /// When PayPal has last dealt with it.
        let processedAt: Timestamp?
    }

    /// A batch, as far as we need it: ours have one item.
    struct Batch {
        let id: PayPalID
        /// Our own name for it.
        let reference: String?
        /// Whether PayPal has refused it, so that no item was paid.
        let isDenied: Bool
        /// The id of its first item, once PayPal has made one.
        let itemID: PayPalID?
    }

    private static let path = "/v1/payments/payouts/"

    private static let returned: Set = ["FAILED", "RETURNED", "BLOCKED", "REFUNDED", "REVERSED", "DENIED", "CANCELED"]

    /// Pays one recipient, in a batch of its own, so that one failure is one batch's; nil when PayPal cannot express the amount.
    ///
    /// `reference` is our name for it. PayPal refuses it a second time within thirty days, so the call may be repeated until then.
    static func create(_ amount: Amount, to recipient: Recipient, reference: String, note: String? = nil) -> PayPalCall? {
        guard let value = PayPalAmount.value(amount, currencyName: "currency"), (1...63).contains(reference.utf8.count) else { return nil }
        let (type, receiver) = recipient.wire
        var item: JSONObject = [
            "recipient_type": .string(type), "amount": value, "receiver": .string(receiver), "sender_item_id": .string(reference),
        ]
        if let note { item["note"] = .string(note) }
        let body: JSONValue = ["sender_batch_header": ["sender_batch_id": .string(reference)], "items": [.object(item)]]
        return PayPalCall(method: .post, path: "/v1/payments/payouts", body: body.serialized(), requestID: reference)
    }

    /// Reads a batch with its items.
    static func batch(_ id: PayPalID) -> PayPalCall { PayPalCall(method: .get, path: "\(path)\(id)") }

    /// Reads an item.
    static func item(_ id: PayPalID) -> PayPalCall { PayPalCall(method: .get, path: "/v1/payments/payouts-item/\(id)") }

    /// Takes back an item that nobody has claimed.
    static func cancel(_ id: PayPalID) -> PayPalCall {
        PayPalCall(method: .post, path: "/v1/payments/payouts-item/\(id)/cancel")
    }

    /// The id of the batch that was made.
    ///
    /// - Throws: `InterpretationError` when the answer is no batch.
    static func batchID(_ answer: JSONElement) throws(InterpretationError) -> PayPalID {
        guard let id = PayPalID(answer["batch_header"]?["payout_batch_id"]?.string) else {
            throw InterpretationError("the batch has no id")
        }
        return id
    }

    /// Reads a batch.
    ///
    /// - Throws: `InterpretationError` that names the member.
    static func readBatch(_ batch: JSONElement) throws(InterpretationError) -> Batch {
        let header = batch["batch_header"]
        return Batch(
            id: try batchID(batch),
            reference: header?["sender_batch_header"]?["sender_batch_id"]?.string,
            isDenied: ["DENIED", "CANCELED"].contains(header?["batch_status"]?.string),
            itemID: PayPalID(batch["items"]?.array?.first?["payout_item_id"]?.string)
        )
    }

    /// The batch to which a refusal links because its `sender_batch_id` was used before; by what the link is, never by its place.
    static func batch(linkedIn refusal: JSONElement) -> PayPalID? {
        let lists = [refusal["links"]] + (refusal["details"]?.array ?? []).flatMap { [$0["links"], $0["link"]] }
        for link in lists.compactMap({ $0?.array }).joined() {
            let parts = (link["href"]?.string ?? "").split(separator: "/").suffix(4)
            if parts.dropLast().joined(separator: "/") == "v1/payments/payouts" { return PayPalID(parts.last.map { String($0) }) }
        }
        return nil
    }

    /// Which withdrawal an event's resource, a batch or an item, is about.
    static func interpret(_ resource: JSONElement?) -> Interpretation {
        let batch = resource?["sender_batch_id"] ?? resource?["batch_header"]?["sender_batch_header"]?["sender_batch_id"]
        let name = batch?.string ?? resource?["payout_item"]?["sender_item_id"]?.string
        guard let id = name.flatMap({ WithdrawalID($0) }) else { return .ignored(reason: "not a payout of ours") }
        return .payoutChanged(id)
    }

    /// Reads an item, from an answer or an event's resource.
    ///
    /// A batch that has succeeded says nothing about its items.
    ///
    /// - Throws: `InterpretationError` that names the member.
    static func read(_ item: JSONElement) throws(InterpretationError) -> Item {
        guard let id = PayPalID(item["payout_item_id"]?.string) else { throw InterpretationError("the payout item has no id") }
        let fee: Amount?
        if let kept = item["payout_item_fee"] {
            let amount = try PayPalAmount.read(kept, currencyName: "currency")
            fee = amount.isPositive ? amount : nil
        } else {
            fee = nil
        }
        return Item(
            id: id,
            reference: item["payout_item"]?["sender_item_id"]?.string,
            amount: try PayPalAmount.read(item["payout_item"]?["amount"], currencyName: "currency"),
            fee: fee,
            state: state(item["transaction_status"]?.string, reason: item["errors"]?["name"]?.string),
            processedAt: item["time_processed"]?.string.flatMap { Timestamp(rfc3339: $0) }
        )
    }

    private static func state(_ status: String?, reason: String?) -> State {
        switch status {
        case "SUCCESS": .succeeded
        case "UNCLAIMED": .unclaimed
        case let status? where returned.contains(status): .failed(reason: reason ?? status)
        default: .pending
        }
    }
}
