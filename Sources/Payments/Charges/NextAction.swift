/// What the customer has to do before the charge can go on.
package enum NextAction: Sendable, Hashable {
    /// Scan this QR with a banking app until the time given.
    case displayQR(payload: String, expiresAt: Timestamp?)
    /// Open this page, for example the bank's 3-D Secure.
    case redirect(url: String)
}
