package import Cryptography
import HTTPTypes
package import OutboundHTTP
import StrictJSON
import Synchronization

/// A bank whose customers pay Thai QRs, and which confirms each payment by a signed webhook in SCB's fields.
package final class BankSimulator: Sendable {
    private let dispatcher: WebhookDispatcher
    private let transactions = Mutex<[JSONValue]>([])
    private let host: String
    private let port: Int

    /// Simulates at an address and posts confirmations to `webhookURL`, signed with `webhookSecret`.
    package init(host: String, port: Int, webhookURL: String, webhookSecret: SecretText, client: HTTPClient = HTTPClient()) {
        self.host = host
        self.port = port
        let key = HMACKey(webhookSecret)
        dispatcher = WebhookDispatcher(url: webhookURL, client: client) { body in
            let timestamp = WallClock.seconds
            let code = key.authenticationCode(parts: [Array("\(timestamp).".utf8), body])
            var headers = HTTPFields()
            headers[SimulatorHeaders.bankSignature] = "t=\(timestamp),v1=\(Hexadecimal.encode(code))"
            return headers
        }
    }

    /// Serves and posts until the task is cancelled or the process is told to stop.
    package func run(onListening: @escaping @Sendable (Int) async -> Void = { _ in }) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.dispatcher.run() }
            try await SimulatorServer(host: host, port: port, handle: answer).run(onListening: onListening)
            group.cancelAll()
        }
    }

    private func answer(_ call: SimulatorServer.Call) async -> SimulatorServer.Answer {
        switch (call.method, call.path) {
        case (.post, "/pay"): return pay(call)
        case (.get, "/transactions"): return .json(.array(transactions.withLock { $0 }))
        case (.post, "/_control/behaviour"):
            if let order = try? JSONValue.parse(call.body) { dispatcher.behaviour = WebhookBehaviour(order) }
            return .json(.object(JSONObject([("ok", .bool(true))])))
        case (.post, "/_control/flush"):
            dispatcher.flush()
            return .json(.object(JSONObject([("ok", .bool(true))])))
        case (.get, "/"): return .text(BankSimulator.page)
        default: return .text("not found", status: 404)
        }
    }

    private func pay(_ call: SimulatorServer.Call) -> SimulatorServer.Answer {
        let isForm = call.headers[.contentType]?.hasPrefix("application/x-www-form-urlencoded") ?? false
        let form = Form(String(decoding: call.body, as: UTF8.self))
        let order = isForm ? nil : try? JSONValue.parse(call.body)
        guard let text = order?["qr_string"]?.string ?? form["qr_string"], let scanned = ScannedQR(text) else {
            return .json(.object(JSONObject([("error", .string("the QR cannot be read"))])), status: 400)
        }
        guard let amount = order?["amount"]?.string ?? scanned.amount else {
            return .json(.object(JSONObject([("error", .string("an amount is needed"))])), status: 400)
        }
        let times = order?["times"]?.int64 ?? 1
        let paidAt = order?["paid_at"]?.string ?? WallClock.bangkok
        let reference = order?["reference1"]?.string ?? scanned.reference1
        let made = (0..<max(1, min(times, 100))).map { _ in confirm(scanned, amount: amount, reference1: reference, paidAt: paidAt) }
        return .json(.object(JSONObject([("transactions", .array(made.map { .string($0) }))])))
    }

    private func confirm(_ scanned: ScannedQR, amount: String, reference1: String, paidAt: String) -> String {
        let transaction = "SIM" + Hexadecimal.encode(SecureRandom.bytes(10)).uppercased()
        let isBill = scanned.billerID != nil
        let fields: [(String, String)] = [
            ("payeeProxyId", scanned.billerID ?? scanned.payee ?? ""), ("payeeProxyType", isBill ? "BILLERID" : "MSISDN"),
            ("payeeAccountNumber", "0987654321"), ("payeeName", "SALAK DEE CO LTD"), ("payerProxyId", "0812345678"),
            ("payerProxyType", "MSISDN"), ("payerAccountNumber", "0123456789"), ("payerAccountName", "SOMCHAI"), ("payerName", "SOMCHAI"),
            ("sendingBankCode", "004"), ("receivingBankCode", "014"), ("amount", amount), ("channelCode", "PMH"),
            ("transactionId", transaction), ("transactionDateandTime", paidAt), ("billPaymentRef1", reference1),
            ("billPaymentRef2", scanned.reference2), ("billPaymentRef3", ""), ("currencyCode", "764"),
            ("transactionType", "Domestic Transfer"),
        ]
        let confirmation = JSONValue.object(JSONObject(fields.map { ($0.0, .string($0.1)) }))
        transactions.withLock { $0.append(confirmation) }
        dispatcher.send(
            OutgoingWebhook(
                body: confirmation.serialized(),
                isAccepted: { answer in (try? JSONValue.parse(answer.body))?["resCode"]?.string == "00" },
                attemptsMax: 20,
                retryDelay: .milliseconds(200)
            )
        )
        return transaction
    }

    private static let page = """
        <!doctype html><meta charset="utf-8"><title>Simulated bank</title>
        <h1>Simulated bank</h1><p>Paste the text of a Thai QR and pay it.</p>
        <form method="post" action="/pay"><textarea name="qr_string" rows="4" cols="60"></textarea><p><button>Pay</button></p></form>
        """
}
