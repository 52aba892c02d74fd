/// What the customer has to do before the charge can go on.
package enum NextAction: Sendable, Hashable {
    /// Scan this QR with a banking app until the time given.
    case displayQR(payload: String, expiresAt: Timestamp?)
    /// Send exactly this amount of coins to this address; the URI says the same to a wallet.
    case sendCrypto(address: String, uri: String, amount: Amount, expiresAt: Timestamp?)
    /// Open this page, for example the bank's 3-D Secure.
    case redirect(url: String)

    /// The same action, until the charge's own end where the provider names none.
    func until(_ end: Timestamp?) -> NextAction {
        if case .displayQR(let payload, nil) = self { return .displayQR(payload: payload, expiresAt: end) }
        return self
    }
}
