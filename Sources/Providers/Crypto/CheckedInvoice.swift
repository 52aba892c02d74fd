import Payments

/// An invoice whose terms are those that we asked for: the charge's price, a right quote, our network, an address that money may go to.
struct CheckedInvoice {
    let invoice: CryptoInvoice
    let charge: Charge
    let terms: InvoiceTerms
    let address: CryptoAddress
    private let coin: CryptoAsset

    /// Compares an invoice with its charge.
    ///
    /// - Throws: `InterpretationError` with the first difference; such an invoice must not be shown to anybody.
    init(
        _ invoice: CryptoInvoice,
        for charge: Charge,
        coins: [CryptoAsset],
        policy: ConfirmationsPolicy
    ) throws(InterpretationError) {
        guard invoice.orderID == charge.id.description else { throw InterpretationError("the invoice is for another order") }
        guard invoice.price == charge.order.amount else { throw InterpretationError("the invoice has another price") }
        guard invoice.asset == charge.order.coin, let coin = coins.first(where: { $0.asset == invoice.asset }) else {
            throw InterpretationError("the invoice is in another asset")
        }
        guard invoice.network == coin.network.rawValue else { throw InterpretationError("the invoice is on another network") }
        guard invoice.contract == coin.contract else { throw InterpretationError("the invoice names another contract") }
        let address = try? CryptoAddress(invoice.destination, on: coin.network)
        guard let address else { throw InterpretationError("the invoice's address is none") }
        let quote = try? CryptoQuote(price: invoice.price, in: invoice.asset, at: invoice.rate, validUntil: invoice.expiresAt)
        guard quote?.due == invoice.due else { throw InterpretationError("the quote is not the price at the rate") }
        guard let confirmations = policy.confirmations(for: invoice.price, in: invoice.asset) else {
            throw InterpretationError("there is no rule for confirmations of the asset")
        }
        self.invoice = invoice
        self.charge = charge
        self.address = address
        self.coin = coin
        terms = InvoiceTerms(
            due: invoice.due,
            expiresAt: min(invoice.expiresAt, charge.order.expiresAt ?? invoice.expiresAt),
            monitoredUntil: invoice.monitoredUntil,
            confirmationsNeeded: confirmations,
            toleranceBasisPoints: policy.toleranceBasisPoints
        )
    }

    /// What the customer has to do.
    var nextAction: NextAction {
        .sendCrypto(address: address.text, uri: uri, amount: invoice.due, expiresAt: terms.expiresAt)
    }

    private var uri: String {
        guard let chainID = coin.network.chainID else { return BitcoinURI(address: address.text, amount: invoice.due).text }
        return EthereumURI(payee: address.text, contract: coin.contract, chainID: chainID, units: invoice.due.minorUnits).text
    }
}
