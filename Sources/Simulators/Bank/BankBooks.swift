import Cryptography
import HTTPTypes
import StrictJSON
import Synchronization

/// Every payment that the simulated bank has carried out, and the questions that its API answers about them.
final class BankBooks: Sendable {
    private let payments = Mutex<[JSONValue]>([])
    private let token = Hexadecimal.encode(SecureRandom.bytes(16))

    /// What a customer orders; what is nil follows from the QR.
    struct Order: Sendable {
        let scanned: ScannedQR
        let amount: String
        let paidAt: String
        var biller: String?
        var reference1: String?
        var reference2: String?
        var currency = "764"
    }

    /// All payments in SCB's fields, oldest first.
    var all: [JSONValue] { payments.withLock { $0 } }

    /// Carries a payment out and returns it in SCB's fields.
    func pay(_ order: Order) -> JSONValue {
        let scanned = order.scanned
        let isBill = scanned.billerID != nil
        let fields: [(String, String)] = [
            ("payeeProxyId", order.biller ?? scanned.billerID ?? scanned.payee ?? ""), ("payeeProxyType", isBill ? "BILLERID" : "MSISDN"),
            ("payeeAccountNumber", "0987654321"), ("payeeName", "SALAK DEE CO LTD"), ("payerProxyId", "0812345678"),
            ("payerProxyType", "MSISDN"), ("payerAccountNumber", "0123456789"), ("payerAccountName", "SOMCHAI"), ("payerName", "SOMCHAI"),
            ("sendingBankCode", "004"), ("receivingBankCode", "014"), ("amount", order.amount), ("channelCode", "PMH"),
            ("transactionId", "SIM" + Hexadecimal.encode(SecureRandom.bytes(10)).uppercased()), ("transactionDateandTime", order.paidAt),
            ("billPaymentRef1", order.reference1 ?? scanned.reference1), ("billPaymentRef2", order.reference2 ?? scanned.reference2),
            ("billPaymentRef3", ""), ("currencyCode", order.currency), ("transactionType", "Domestic Transfer"),
        ]
        let payment = JSONValue.object(JSONObject(fields.map { ($0.0, .string($0.1)) }))
        payments.withLock { $0.append(payment) }
        return payment
    }

    /// The text of the small QR on a payment's slip.
    static func slip(of payment: JSONValue) -> String {
        let reference = transferReference(of: payment)
        let template = "0006000001010300402" + twoDigits(reference.utf8.count) + reference
        let text = "00" + twoDigits(template.utf8.count) + template + "5102TH9104"
        return text + EMVChecksum.hexadecimal(text)
    }

    /// The sending bank's name for the transfer, another one than the receiving bank's.
    private static func transferReference(of payment: JSONValue) -> String {
        "T" + (payment["transactionId"]?.string ?? "").dropFirst(3)
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// Answers a question to SCB's API; nil when there is no such address.
    func answer(_ call: SimulatorServer.Call) -> SimulatorServer.Answer? {
        let transactions = "/v1/payment/billpayment/transactions/"
        switch (call.method, call.path) {
        case (.post, "/v1/oauth/token"): return giveToken(call)
        case (.get, "/v1/payment/billpayment/inquiry"): return guarded(call) { self.inquiry(Form(call.query)) }
        case (.get, _) where call.path.hasPrefix(transactions):
            return guarded(call) { self.transaction(String(call.path.dropFirst(transactions.count)), Form(call.query)) }
        default: return nil
        }
    }

    private func giveToken(_ call: SimulatorServer.Call) -> SimulatorServer.Answer {
        let order = try? JSONValue.parse(call.body)
        guard order?["applicationKey"]?.string?.isEmpty == false, order?["applicationSecret"]?.string?.isEmpty == false else {
            return BankBooks.refusal(401, code: 9100, "Authentication failed")
        }
        let data = JSONValue.object(
            JSONObject([("accessToken", .string(token)), ("tokenType", .string("Bearer")), ("expiresIn", .number(JSONNumber(1800)))])
        )
        return BankBooks.envelope(data)
    }

    private func guarded(_ call: SimulatorServer.Call, _ answer: () -> SimulatorServer.Answer) -> SimulatorServer.Answer {
        call.headers[.authorization] == "Bearer \(token)" ? answer() : BankBooks.refusal(401, code: 9300, "Invalid token")
    }

    private func inquiry(_ query: Form) -> SimulatorServer.Answer {
        guard query["eventCode"] == "00300100", let day = query["transactionDate"], let biller = query["billerId"],
            let reference = query["reference1"]
        else { return BankBooks.refusal(400, code: 1101, "A parameter is missing") }
        let found = all.filter { payment in
            payment["payeeProxyId"]?.string == biller && payment["billPaymentRef1"]?.string == reference
                && payment["transactionDateandTime"]?.string?.hasPrefix(day) == true
                && (query["amount"] == nil || query["amount"] == payment["amount"]?.string)
        }
        return BankBooks.envelope(.array(found))
    }

    private func transaction(_ reference: String, _ query: Form) -> SimulatorServer.Answer {
        let found = all.first { BankBooks.transferReference(of: $0) == reference && $0["sendingBankCode"]?.string == query["sendingBank"] }
        guard let payment = found, let paidAt = payment["transactionDateandTime"]?.string else {
            return BankBooks.refusal(404, code: 4101, "Transaction not found")
        }
        let text = { (name: String) in payment[name] ?? .string("") }
        let party = { (name: String, type: String, value: String, account: String) in
            JSONValue.object(
                JSONObject([
                    ("displayName", .string(name)), ("name", .string(name)),
                    ("proxy", .object(JSONObject([("type", .string(type)), ("value", .string(value))]))),
                    ("account", .object(JSONObject([("type", .string("BANKAC")), ("value", .string(account))]))),
                ])
            )
        }
        let payee = payment["payeeProxyId"]?.string ?? ""
        let amount = payment["amount"]?.string.flatMap { JSONNumber($0) }.map { JSONValue.number($0) } ?? text("amount")
        let data = JSONValue.object(
            JSONObject([
                ("transRef", .string(reference)), ("sendingBank", text("sendingBankCode")), ("receivingBank", text("receivingBankCode")),
                ("transDate", .string(paidAt.prefix(10).filter { $0 != "-" })),
                ("transTime", .string(String(paidAt.dropFirst(11).prefix(8)))),
                ("sender", party("SOMCHAI S", "MSISDN", "xxx-xxx-5678", "xxx-x-x6789-x")),
                ("receiver", party("SALAK DEE", "BILLERID", BankBooks.masked(payee), "xxx-x-x4321-x")),
                ("amount", amount), ("paidLocalAmount", text("amount")), ("paidLocalCurrency", .string("764")),
                ("countryCode", .string("TH")), ("transFeeAmount", .string("0")), ("ref1", text("billPaymentRef1")),
                ("ref2", text("billPaymentRef2")), ("ref3", .string("")), ("toMerchantId", .string("")),
            ])
        )
        return BankBooks.envelope(data)
    }

    /// The last six digits stay visible.
    private static func masked(_ number: String) -> String {
        String(repeating: "x", count: max(0, number.count - 6)) + number.suffix(6)
    }

    private static func envelope(_ data: JSONValue) -> SimulatorServer.Answer {
        let status = JSONValue.object(JSONObject([("code", .number(JSONNumber(1000))), ("description", .string("Success"))]))
        return .json(.object(JSONObject([("status", status), ("data", data)])))
    }

    private static func refusal(_ status: Int, code: Int64, _ description: String) -> SimulatorServer.Answer {
        let body = JSONValue.object(JSONObject([("code", .number(JSONNumber(code))), ("description", .string(description))]))
        return .json(.object(JSONObject([("status", body), ("data", .null)])), status: status)
    }
}
