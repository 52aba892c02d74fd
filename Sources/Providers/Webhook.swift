package import HTTPTypes
package import Payments
package import StrictJSON

/// A webhook as it arrived: anybody may have sent it.
package struct UnverifiedWebhook: Sendable {
    package let headers: HTTPFields
    /// The bytes exactly as received.
    package let body: [UInt8]
    /// The last part of the address, after the provider's name: a secret that providers share who sign nothing.
    package let pathSecret: String?

    /// Wraps what arrived.
    package init(headers: HTTPFields, body: [UInt8], pathSecret: String? = nil) {
        self.headers = headers
        self.body = body
        self.pathSecret = pathSecret
    }
}

/// A webhook that passed `PaymentProvider.verify`, or is restored from the inbox that holds only such: its provider has certainly sent it,
/// or signs nothing and is asked before anything moves (`Interpretation.needsFetch`).
package struct VerifiedWebhook: Sendable {
    package let provider: ProviderName
    /// The provider's id of the event; the inbox holds it once.
    package let eventID: String
    /// The provider's word for what happened, for listings.
    package let eventType: String
    /// The bytes exactly as received.
    package let body: [UInt8]
    /// The body as `verify` has read it already; nil for a row of the inbox.
    private let read: JSONDocument?

    /// For `verify` and for rows of the inbox only.
    package init(verifiedBy provider: ProviderName, eventID: String, eventType: String, body: [UInt8], read: JSONDocument? = nil) {
        self.provider = provider
        self.eventID = eventID
        self.eventType = eventType
        self.body = body
        self.read = read
    }

    /// The body as JSON, read at most once on its way from the door.
    ///
    /// - Throws: `InterpretationError` when it is none.
    func document() throws(InterpretationError) -> JSONDocument {
        if let read { return read }
        guard let document = try? JSONDocument(body, policy: .provider) else { throw InterpretationError("the body is no JSON") }
        return document
    }
}

/// Whether a webhook may act.
package enum WebhookVerdict: Sendable {
    case verified(VerifiedWebhook)
    /// The signature or the form is not right; the reason is for logs and counters, never for the answer.
    case refused(WebhookRefusal)
    /// Only `NetworkVerification` can tell.
    case undecided
    /// It cannot be told at present: the provider shall send it again.
    case unavailable(reason: String)
}

/// Why a webhook was refused.
package enum WebhookRefusal: String, Error, Sendable, CaseIterable {
    case signatureMissing = "signature_missing"
    case signatureMalformed = "signature_malformed"
    case signatureMismatch = "signature_mismatch"
    case tooOld = "too_old"
    /// Signed at a time that is further ahead than clocks differ.
    case aheadOfTime = "ahead_of_time"
    case algorithmRefused = "algorithm_refused"
    case certificateAddressRefused = "certificate_address_refused"
    case certificateRefused = "certificate_refused"
    case bodyMalformed = "body_malformed"
}

/// What a verified webhook says.
package enum Interpretation: Sendable, Hashable {
    /// Facts about payments, possibly none.
    case facts([PaymentFact])
    /// An event that only says that something has changed, or that nobody signed: the provider has to be asked for the facts.
    case needsFetch(EventObject)
    /// Something has happened to what carries a withdrawal out: its provider has to be asked how it stands.
    case payoutChanged(WithdrawalID)
    /// An event that asks nothing of us, with the reason for the listing.
    case ignored(reason: String)
}

/// Why a verified webhook could not be read; names the member, never its value.
package struct InterpretationError: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    /// Describes what is wrong with the body.
    package init(_ description: String) {
        self.description = description
    }
}

/// The answer to a stored webhook.
package struct WebhookAcknowledgement: Sendable, Hashable {
    package let contentType: String
    package let body: [UInt8]

    /// Makes an answer; its status is always 200.
    package init(contentType: String, body: [UInt8]) {
        self.contentType = contentType
        self.body = body
    }
}
