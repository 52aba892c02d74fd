import StrictJSON

/// The invoices and chains of the simulated processor; everything follows from the seed, the clock and what it is told.
struct CryptoWorld: Sendable {
    private(set) var invoices: [SimulatedInvoice] = []
    private let addresses: SimulatedAddress
    private var transactionCount = 0

    /// A world of its own for each seed.
    init(seed: String) {
        addresses = SimulatedAddress(seed: seed)
    }

    /// What the merchant has to be told.
    struct Event: Sendable {
        let type: String
        let invoiceID: String
        let members: [(String, JSONValue)]
    }

    subscript(id: String) -> SimulatedInvoice? { invoices.first { $0.id == id } }

    /// The invoice that waits at an address.
    func invoice(at address: String) -> SimulatedInvoice? { invoices.first { $0.address == address } }

    /// Makes an invoice; nil when the request asks for something that is not there.
    mutating func create(_ request: JSONValue, at wall: Int64) -> (SimulatedInvoice, [Event])? {
        guard let amount = request["amount"]?.string, let currency = request["currency"]?.string,
            let method = request["checkout"]?["paymentMethods"]?.array?.first?.string, method.hasSuffix("-CHAIN"),
            let coin = SimulatedCoin.all[String(method.dropLast("-CHAIN".count))], let (units, rate) = coin.quote(amount, in: currency)
        else { return nil }
        let number = invoices.count + 1
        let expires = request["checkout"]?["expirationTime"]?.int64 ?? wall + 900
        let invoice = SimulatedInvoice(
            id: "inv" + addresses.transaction(-number).prefix(20),
            orderID: request["metadata"]?["orderId"]?.string ?? "",
            amount: amount,
            currency: currency,
            coin: coin,
            address: coin.network == "sepolia" ? addresses.ethereum(number) : addresses.bitcoin(number),
            due: CoinCount(units),
            rate: rate,
            created: wall,
            expires: expires,
            monitored: expires + 60 * (request["checkout"]?["monitoringMinutes"]?.int64 ?? 60),
            confirmationsNeeded: Int(request["checkout"]?["confirmations"]?.int64 ?? 1)
        )
        invoices.append(invoice)
        return (invoice, [Event(type: "InvoiceCreated", invoiceID: invoice.id, members: [])])
    }

    // MARK: The chain

    /// A transaction pays to an invoice; all that is due when no units are given.
    mutating func see(_ invoiceID: String, units: UInt128?, transaction: String?, at wall: Int64) -> (String, [Event])? {
        guard let index = invoices.firstIndex(where: { $0.id == invoiceID }) else { return nil }
        transactionCount += 1
        let id = transaction ?? addresses.transaction(transactionCount)
        guard place(of: id) == nil else { return (id, []) }
        let payment = SimulatedInvoice.Payment(
            id: id,
            units: units.map { CoinCount($0) } ?? invoices[index].due,
            seen: wall + invoices[index].ahead
        )
        invoices[index].payments.append(payment)
        let event = payment.seen > invoices[index].expires
        return (id, [tell("InvoiceReceivedPayment", invoices[index], payment, afterExpiration: event)] + sweep(at: wall))
    }

    /// So many blocks stand on a transaction; one that a reorganisation dropped is on the chain again.
    mutating func confirm(_ transaction: String, _ count: Int, at wall: Int64) -> [Event]? {
        guard let (index, payment) = place(of: transaction) else { return nil }
        let needed = invoices[index].confirmationsNeeded
        let isNews = invoices[index].payments[payment].confirmations < needed && count >= needed
        invoices[index].payments[payment].confirmations = count
        invoices[index].payments[payment].isDropped = false
        let told = invoices[index].payments[payment]
        let late = told.seen > invoices[index].expires
        return (isNews ? [tell("InvoicePaymentSettled", invoices[index], told, afterExpiration: late)] : []) + sweep(at: wall)
    }

    /// A transaction gives way to another one, which may pay less, or nothing.
    mutating func replace(_ transaction: String, by other: String?, units: UInt128, at wall: Int64) -> [Event]? {
        guard let (index, payment) = place(of: transaction), invoices[index].payments[payment].confirmations == 0 else { return nil }
        invoices[index].payments[payment].isDropped = true
        let invoiceID = invoices[index].id
        guard units > 0 else { return sweep(at: wall) }
        return see(invoiceID, units: units, transaction: other, at: wall)?.1
    }

    /// The chain drops a transaction that was confirmed.
    mutating func reorganise(_ transaction: String, at wall: Int64) -> [Event]? {
        guard let (index, payment) = place(of: transaction) else { return nil }
        let wasSettled = invoices[index].standing(at: wall).status == "Settled"
        invoices[index].payments[payment].confirmations = 0
        invoices[index].payments[payment].isDropped = true
        // Whether what is left is still enough is judged without the payment.
        if wasSettled, invoices[index].standing(at: wall).status != "Settled" { invoices[index].reorganisations += 1 }
        return sweep(at: wall)
    }

    /// A person decides about an invoice.
    mutating func mark(_ invoiceID: String, _ status: String, at wall: Int64) -> [Event]? {
        guard ["Settled", "Invalid"].contains(status), let index = invoices.firstIndex(where: { $0.id == invoiceID }) else { return nil }
        invoices[index].marked = status
        return sweep(at: wall)
    }

    /// Sets the clock of an invoice forward, or that of all.
    mutating func advance(_ seconds: Int64, of invoiceID: String?, at wall: Int64) -> [Event] {
        for index in invoices.indices where invoiceID == nil || invoices[index].id == invoiceID {
            invoices[index].ahead += max(0, seconds)
        }
        return sweep(at: wall)
    }

    /// Sets the clock of an invoice forward to the end of its time.
    mutating func expire(_ invoiceID: String, at wall: Int64) -> [Event]? {
        guard let invoice = self[invoiceID] else { return nil }
        return advance(invoice.expires - wall - invoice.ahead, of: invoiceID, at: wall)
    }

    /// What has become of the invoices since the merchant was told last.
    mutating func sweep(at wall: Int64) -> [Event] {
        var events: [Event] = []
        for index in invoices.indices {
            let (status, additional) = invoices[index].standing(at: wall)
            guard status != invoices[index].told else { continue }
            invoices[index].told = status
            let isMarked = JSONValue.bool(additional == "Marked")
            switch status {
            case "Processing", "Settled":
                let members: [(String, JSONValue)] = [("manuallyMarked", isMarked), ("overPaid", .bool(additional == "PaidOver"))]
                events.append(Event(type: "Invoice\(status)", invoiceID: invoices[index].id, members: members))
            case "Expired":
                let members = [("partiallyPaid", JSONValue.bool(additional == "PaidPartial"))]
                events.append(Event(type: "InvoiceExpired", invoiceID: invoices[index].id, members: members))
            case "Invalid":
                events.append(Event(type: "InvoiceInvalid", invoiceID: invoices[index].id, members: [("manuallyMarked", isMarked)]))
            default: break
            }
        }
        return events
    }

    private func place(of transaction: String) -> (invoice: Int, payment: Int)? {
        for (index, invoice) in invoices.enumerated() {
            if let payment = invoice.payments.firstIndex(where: { $0.id == transaction }) { return (index, payment) }
        }
        return nil
    }

    private func tell(
        _ type: String,
        _ invoice: SimulatedInvoice,
        _ payment: SimulatedInvoice.Payment,
        afterExpiration: Bool
    ) -> Event {
        let members: [(String, JSONValue)] = [
            ("afterExpiration", .bool(afterExpiration)), ("paymentMethod", .string("\(invoice.coin.code)-CHAIN")),
            ("payment", invoice.json(payment)),
        ]
        return Event(type: type, invoiceID: invoice.id, members: members)
    }
}
