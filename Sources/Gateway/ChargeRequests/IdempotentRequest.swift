package import Payments
package import Storage

/// Who asks, under which idempotency key, and a digest of what is asked.
package struct IdempotentRequest: Sendable, Hashable {
    package let caller: APIKeyID
    /// The value of `Idempotency-Key`, unquoted.
    package let key: String
    /// SHA-256 over the route and the canonical body.
    package let fingerprint: [UInt8]

    /// Describes a request.
    package init(caller: APIKeyID, key: String, fingerprint: [UInt8]) {
        self.caller = caller
        self.key = key
        self.fingerprint = fingerprint
    }
}

/// What a request under an idempotency key gets.
package enum IdempotentOutcome: Sendable {
    /// Carried out now.
    case answered(KeptAnswer)
    /// Carried out before; this is that answer again.
    case replayed(KeptAnswer)
    /// The first request with this key has not ended.
    case running
    /// The key was used for another request.
    case keyReused
}
