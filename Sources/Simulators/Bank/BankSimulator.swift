import HTTPTypes
package import OutboundHTTP
import StrictJSON
import Synchronization

/// A bank whose customers pay Thai QRs, which confirms each payment by a webhook and answers questions about it.
///
/// Customers pay at `POST /pay`. The bank's own API is SCB's, or Omise's where it makes the QRs. It misbehaves on demand
/// (`POST /_simulator/misbehaviour`): webhooks are doubled, delayed, dropped or reversed, and the API fails.
package final class BankSimulator: Sendable {
    private let style: BankStyle
    private let dispatcher: WebhookDispatcher
    private let books = BankBooks()
    private let desk: OmiseDesk
    private let host: String
    private let port: Int
    private let misbehaviour = Mutex(Misbehaviour())

    /// Simulates at an address and posts confirmations to `webhookURL`.
    package init(host: String, port: Int, webhookURL: String, style: BankStyle, client: HTTPClient = HTTPClient()) {
        self.style = style
        self.host = host
        self.port = port
        desk = OmiseDesk(address: "http://\(host):\(port)")
        dispatcher = WebhookDispatcher(url: webhookURL, client: client, sign: style.sign)
    }

    /// Serves and posts until the task is cancelled or the process is told to stop.
    package func run(onListening: @escaping @Sendable (Int) async -> Void = { _ in }) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.dispatcher.run() }
            try await SimulatorServer(host: host, port: port, handle: answer).run(onListening: onListening)
            group.cancelAll()
        }
    }

    private static let done = SimulatorServer.Answer.json(.object(JSONObject([("ok", .bool(true))])))

    private func answer(_ call: SimulatorServer.Call) async -> SimulatorServer.Answer {
        switch (call.method, call.path) {
        case (.post, "/pay"): return pay(call)
        case (.get, "/transactions"): return .json(.array(books.all))
        case (.get, "/_simulator/state"): return .json(report)
        case (.post, "/_control/behaviour"), (.post, "/_simulator/misbehaviour"):
            if let order = try? JSONValue.parse(call.body) { misbehave(order) }
            return BankSimulator.done
        case (_, let path) where path.hasPrefix("/_control/") || path.hasPrefix("/_simulator/"):
            let name = String(path.split(separator: "/").last ?? "")
            return await dispatcher.obey(name, (try? JSONValue.parse(call.body)) ?? .null) ?? .text("not found", status: 404)
        case (.get, "/"): return .text(BankSimulator.page)
        default: return await api(call) ?? .text("not found", status: 404)
        }
    }

    /// The bank's own API, well or as a script has ordered.
    private func api(_ call: SimulatorServer.Call) async -> SimulatorServer.Answer? {
        let order = misbehaviour.withLock { $0.next() }
        if order.hangBeforeMilliseconds > 0 { try? await Task.sleep(for: .milliseconds(order.hangBeforeMilliseconds)) }
        if let status = order.status {
            return .json("in trouble", status: status, headers: status == 429 ? [.retryAfter: String(order.retryAfterSeconds)] : [:])
        }
        if order.answersPage { return .text("<html><body>Scheduled maintenance</body></html>") }
        let answer = books.answer(call) ?? desk.answer(call)
        if order.hangAfterMilliseconds > 0 { try? await Task.sleep(for: .milliseconds(order.hangAfterMilliseconds)) }
        if order.commitsThenBreaks { return .reset }
        return order.commitsThen500 ? .text("in trouble", status: 500) : answer
    }

    /// What a script can check: how many charges Omise has made, and how many have been paid.
    private var report: JSONValue {
        ["charges": desk.counts.made, "paid": desk.counts.paid, "misbehaviours": misbehaviour.withLock { $0.left }]
    }

    private func misbehave(_ order: JSONValue) {
        dispatcher.behaviour = WebhookBehaviour(order)
        misbehaviour.withLock { $0 = Misbehaviour(order) }
    }

    private func pay(_ call: SimulatorServer.Call) -> SimulatorServer.Answer {
        let isForm = call.headers[.contentType]?.hasPrefix("application/x-www-form-urlencoded") ?? false
        let form = Form(String(decoding: call.body, as: UTF8.self))
        let order = isForm ? nil : try? JSONValue.parse(call.body)
        if let name = order?["charge"]?.string { return payCharge(name, order) }
        guard let text = order?["qr_string"]?.string ?? form["qr_string"], let scanned = ScannedQR(text) else {
            return BankSimulator.refusal("the QR cannot be read")
        }
        guard let amount = order?["amount"]?.string ?? scanned.amount else { return BankSimulator.refusal("an amount is needed") }
        let times = max(1, min(order?["times"]?.int64 ?? 1, 100))
        let made = (0..<times).map { _ in
            let payment = books.pay(
                BankBooks.Order(
                    scanned: scanned,
                    amount: amount,
                    paidAt: order?["paid_at"]?.string ?? WallClock.bangkok,
                    biller: order?["biller"]?.string,
                    reference1: order?["reference1"]?.string,
                    reference2: order?["reference2"]?.string,
                    currency: order?["currency"]?.string ?? "764"
                )
            )
            if order?["confirm"]?.bool ?? true { confirm(payment) }
            return payment
        }
        let names = made.compactMap { $0["transactionId"] }
        let slips = made.map { JSONValue.string(BankBooks.slip(of: $0)) }
        return .json(.object(JSONObject([("transactions", .array(names)), ("slips", .array(slips))])))
    }

    private func payCharge(_ name: String, _ order: JSONValue?) -> SimulatorServer.Answer {
        let status = order?["status"]?.string ?? "successful"
        guard let event = desk.settle(name, status: status, paidAt: order?["paid_at"]?.string ?? WallClock.utc) else {
            return BankSimulator.refusal("there is no such open charge")
        }
        if order?["confirm"]?.bool ?? true { confirm(event) }
        return BankSimulator.done
    }

    private static func refusal(_ reason: String) -> SimulatorServer.Answer {
        .json(.object(JSONObject([("error", .string(reason))])), status: 400)
    }

    /// SCB posts again three times, and then never; the generic bank is patient.
    private func confirm(_ event: JSONValue) {
        let isPatient = if case .signed = style { true } else { false }
        let needsBody = if case .omise = style { false } else { true }
        dispatcher.send(
            OutgoingWebhook(
                body: event.serialized(),
                isAccepted: { answer in
                    needsBody ? (try? JSONValue.parse(answer.body))?["resCode"]?.string == "00" : answer.status == 200
                },
                attemptsMax: isPatient ? 20 : 4,
                retryDelay: .milliseconds(200)
            )
        )
    }

    private static let page = """
        <!doctype html><meta charset="utf-8"><title>Simulated bank</title>
        <h1>Simulated bank</h1><p>Paste the text of a Thai QR and pay it.</p>
        <form method="post" action="/pay"><textarea name="qr_string" rows="4" cols="60"></textarea><p><button>Pay</button></p></form>
        """
}
