import Cryptography
import HTTPTypes
import StrictJSON
import Synchronization

/// The charges of the simulated Omise: made by the API, paid by customers.
final class OmiseDesk: Sendable {
    private struct Held {
        let amount: Int64
        let metadata: [(String, String)]
        let createdAt: String
        var status = "pending"
        var paidAt: String?
    }

    private let charges = Mutex<[String: Held]>([:])
    private let address: String

    init(address: String) {
        self.address = address
    }

    /// How many charges there are, and how many of them are paid.
    var counts: (made: JSONValue, paid: JSONValue) {
        let charges = charges.withLock { $0 }
        let paid = charges.values.count { $0.status == "successful" }
        return (.number(JSONNumber(Int64(charges.count))), .number(JSONNumber(Int64(paid))))
    }

    /// Answers a question to the API; nil when there is no such address.
    func answer(_ call: SimulatorServer.Call) -> SimulatorServer.Answer? {
        guard call.path == "/charges" || call.path.hasPrefix("/charges/") else { return nil }
        guard call.headers[.authorization]?.hasPrefix("Basic ") == true else {
            return .json(.object(JSONObject([("object", .string("error")), ("code", .string("authentication_failure"))])), status: 401)
        }
        let parts = call.path.split(separator: "/").map(String.init)
        switch (call.method, parts.count) {
        case (.post, 1): return create(Form(String(decoding: call.body, as: UTF8.self)))
        case (.get, 2): return shown(parts[1])
        case (.post, 3) where parts[2] == "expire":
            charges.withLock { charges in
                if charges[parts[1]]?.status == "pending" { charges[parts[1]]?.status = "expired" }
            }
            return shown(parts[1])
        default: return nil
        }
    }

    private func create(_ form: Form) -> SimulatorServer.Answer {
        guard let amount = form["amount"].flatMap({ Int64($0) }), amount > 0, form["currency"]?.uppercased() == "THB",
            form["source[type]"] == "promptpay"
        else {
            return .json(.object(JSONObject([("object", .string("error")), ("code", .string("bad_request"))])), status: 400)
        }
        let name = "chrg_test_" + Hexadecimal.encode(SecureRandom.bytes(10))
        let held = Held(amount: amount, metadata: form.metadata, createdAt: WallClock.utc)
        charges.withLock { $0[name] = held }
        return .json(document(name, held))
    }

    private func shown(_ name: String) -> SimulatorServer.Answer {
        guard let held = charges.withLock({ $0[name] }) else {
            return .json(.object(JSONObject([("object", .string("error")), ("code", .string("not_found"))])), status: 404)
        }
        return .json(document(name, held))
    }

    /// A customer pays, or fails to; returns the event, or nil when there is no such open charge.
    func settle(_ name: String, status: String, paidAt: String) -> JSONValue? {
        let held = charges.withLock { charges -> Held? in
            guard charges[name]?.status == "pending" else { return nil }
            charges[name]?.status = status
            charges[name]?.paidAt = status == "successful" ? paidAt : nil
            return charges[name]
        }
        guard let held else { return nil }
        return .object(
            JSONObject([
                ("object", .string("event")), ("id", .string("evnt_test_" + Hexadecimal.encode(SecureRandom.bytes(10)))),
                ("livemode", .bool(false)), ("key", .string("charge.complete")), ("created_at", .string(WallClock.utc)),
                ("data", document(name, held)),
            ])
        )
    }

    /// Fee and VAT as Omise takes them, each rounded half up to the satang: 1.65 % and 7 %.
    private func document(_ name: String, _ held: Held) -> JSONValue {
        let fee = (held.amount * 165 + 5000) / 10_000
        let vat = (fee * 7 + 50) / 100
        let isPaid = held.status == "successful"
        let number = { (value: Int64) in JSONValue.number(JSONNumber(value)) }
        let image = JSONValue.object(JSONObject([("object", .string("document")), ("download_uri", .string("\(address)/qr/\(name)"))]))
        let code = JSONValue.object(JSONObject([("object", .string("barcode")), ("type", .string("qr")), ("image", image)]))
        let source = JSONValue.object(
            JSONObject([("object", .string("source")), ("type", .string("promptpay")), ("scannable_code", code)])
        )
        return .object(
            JSONObject([
                ("object", .string("charge")), ("id", .string(name)), ("status", .string(held.status)), ("amount", number(held.amount)),
                ("currency", .string("THB")), ("paid", .bool(isPaid)), ("paid_at", held.paidAt.map { .string($0) } ?? .null),
                ("fee", number(isPaid ? fee : 0)), ("fee_vat", number(isPaid ? vat : 0)), ("created_at", .string(held.createdAt)),
                ("failure_code", held.status == "failed" ? .string("payment_rejected") : .null),
                ("failure_message", held.status == "failed" ? .string("payment rejected") : .null), ("source", source),
                ("metadata", .object(JSONObject(held.metadata.map { ($0.0, .string($0.1)) }))),
            ])
        )
    }
}
