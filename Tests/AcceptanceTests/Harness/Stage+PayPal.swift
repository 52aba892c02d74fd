import Foundation
import HTTPTypes
import StrictJSON
import TestSupport

extension Stage {
    /// Where the simulated PayPal writes its authority.
    static func payPalAuthorityFile(_ ports: Ports) -> String {
        NSTemporaryDirectory() + "truvapay-stage-\(ports.payPal).pem"
    }

    /// The settings that lead a gateway to the simulated PayPal.
    static func payPalSettings(_ ports: Ports) -> [String: String] {
        [
            "PAYPAL_CLIENT_ID": "acceptance-client", "PAYPAL_CLIENT_SECRET": "acceptance-paypal-secret",
            "PAYPAL_WEBHOOK_ID": "WH-ACCEPTANCE", "PAYPAL_API_BASE": "http://127.0.0.1:\(ports.payPal)",
            "PAYPAL_WEBHOOK_CA_FILE": payPalAuthorityFile(ports),
            "PAYPAL_WEBHOOK_CERT_HOSTS": "127.0.0.1:\(ports.payPalCertificates)",
        ]
    }

    /// Asks for a charge by PayPal.
    func createPayPal(amount: String = "25.00", currency: String = "USD", capture: String = "automatic") async throws -> JSONValue {
        let body = """
            {"order_id":"o","amount":"\(amount)","currency":"\(currency)","method":"paypal","capture":"\(capture)",\
            "return_url":"https://shop.example/back"}
            """
        let answer = try await createCharge(body)
        guard answer.status < 300 else {
            throw StageError("the charge was answered \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
        }
        return answer.json
    }

    /// Lets the payer of a charge agree.
    func approvePayPal(_ charge: JSONValue) async throws {
        let page = charge["next_action"]?["url"]?.string ?? ""
        let status = try await send(.get, page).status
        guard status == 302 else { throw StageError("the approval page \(page) answered \(status)") }
    }

    /// What the simulated PayPal has, by kind: `captures`, `refunds`.
    func payPalObjects(_ kind: String) async throws -> [JSONValue] {
        try await send(.get, payPal("/_simulator/state")).json[kind]?.array ?? []
    }

    /// The headers with which the simulated PayPal would deliver a body.
    func payPalHeaders(for body: [UInt8]) async throws -> HTTPFields {
        let signed = try await send(.post, payPal("/_simulator/sign"), body: body).json.object?.members ?? []
        return HTTPFields(
            signed.compactMap { member in
                HTTPField.Name(member.name).flatMap { name in member.value.string.map { HTTPField(name: name, value: $0) } }
            }
        )
    }

    /// Orders the simulated PayPal to do something; returns its answer.
    @discardableResult
    func payPalOrder(_ path: String, _ body: String = "{}") async throws -> JSONValue {
        let answer = try await control(payPal("/_simulator/" + path), body)
        guard answer.status == 200 else {
            throw StageError("the simulated PayPal answered \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
        }
        return answer.json
    }
}
