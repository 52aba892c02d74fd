import Foundation
import HTTPTypes
import StrictJSON

extension Stage {
    /// Settings of a gateway whose bank is SCB.
    static let scb = ["PROMPTPAY_BANK": "scb", "PROMPTPAY_API_KEY": "acceptance-key", "PROMPTPAY_API_SECRET": "acceptance-api-secret"]

    /// Settings of a gateway whose QRs are Omise's.
    static let omise = [
        "PROMPTPAY_BANK": "omise", "PROMPTPAY_API_KEY": "skey_test_acceptance", "PROMPTPAY_BILLER_ID": "",
        "PROMPTPAY_WEBHOOK_SECRET": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    ]

    /// Lets a customer pay a charge's QR while the bank tells nobody; returns the text of the slip.
    func payUnheard(_ charge: JSONValue, _ extra: String = "") async throws -> String {
        let payload = charge["next_action"]?["qr_string"]?.string ?? ""
        let answer = try await control(bank("/pay"), #"{"qr_string":"\#(payload)","confirm":false\#(extra)}"#)
        guard let slip = answer.json["slips"]?.array?.first?.string else { throw StageError("the bank answered \(answer.status)") }
        return slip
    }

    /// Posts a confirmation without a signature, as SCB does, to the secret address or another.
    func postUnsigned(_ body: String, address: String = "/\(Stage.bankSecret)") async throws -> Answer {
        let headers: HTTPFields = [.contentType: "application/json"]
        return try await send(.post, gatewayURL + "/webhooks/promptpay" + address, headers: headers, body: Array(body.utf8))
    }

    /// The event of a movement, as the gateway keeps it.
    func event(of transaction: String) async throws -> JSONValue? {
        try await webhooks().first { $0["event_id"]?.string?.hasPrefix(transaction) == true }
    }
}
