package import Cryptography
import Payments

/// Signs notifications as the Standard Webhooks specification says: HMAC-SHA256 over `id.timestamp.body`, one `v1` for each secret.
package struct NotificationSignature: Sendable {
    private let keys: [HMACKey]

    /// Signs with every secret given, so that the receiver can change from one to the next.
    package init(secrets: [SecretBytes]) {
        keys = secrets.map { HMACKey($0) }
    }

    /// The value of `webhook-signature`.
    func header(id: NotificationID, timestamp: Int64, body: [UInt8]) -> String {
        let prefix = Array("\(id).\(timestamp).".utf8)
        return keys.map { "v1,\(Base64.encode($0.authenticationCode(parts: [prefix, body])))" }.joined(separator: " ")
    }
}
