/// What we do with each event type of the processor; `providers/crypto/events.yaml` is the same table, and a test compares both.
enum CryptoEvents {
    /// How an event type is taken.
    enum Meaning: String, CaseIterable {
        /// A hint: the invoice has to be looked at, for webhooks come late, twice and in any order.
        case fetch
        /// Kept for people.
        case kept
    }

    static let table: [String: Meaning] = [
        "InvoiceCreated": .kept,
        "InvoiceReceivedPayment": .fetch,
        "InvoicePaymentSettled": .fetch,
        "InvoiceProcessing": .fetch,
        "InvoiceExpired": .fetch,
        "InvoiceSettled": .fetch,
        "InvoiceInvalid": .fetch,
    ]
}
