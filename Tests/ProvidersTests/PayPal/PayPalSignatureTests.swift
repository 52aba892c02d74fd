import Cryptography
import HTTPTypes
import Payments
import StrictJSON
import Synchronization
import TestSupport
import Testing

@testable import Providers

/// The vectors of `providers/paypal/signatures.json`, made with OpenSSL and met by PayPal's own library where that is careful enough.
@Suite("PayPal signatures")
struct PayPalSignatureTests {
    private struct Vector {
        let value: JSONValue

        var name: String { value["name"]?.string ?? "?" }
        var now: Timestamp { Timestamp(seconds: value["now"]?.int64 ?? 0) }

        var webhook: UnverifiedWebhook {
            get throws {
                var headers = HTTPFields()
                for member in value["headers"]?.object?.members ?? [] {
                    headers.append(HTTPField(name: try #require(HTTPField.Name(member.name)), value: member.value.string ?? ""))
                }
                return UnverifiedWebhook(headers: headers, body: try Base64.decode(value["body_base64"]?.string ?? ""))
            }
        }

        var provider: PayPalProvider {
            get throws {
                let roots = try (value["trust_roots"]?.array ?? []).compactMap(\.string).flatMap {
                    try X509Certificate.readAll(pem: Fixture.bytes("providers/paypal/pki/\($0)"))
                }
                let world = value["environment"]?.string == "live" ? "" : ".sandbox"
                return PayPalSamples.provider(
                    webhookID: value["webhook_id"]?.string ?? "",
                    apiBase: "https://api-m\(world).paypal.com",
                    trust: TrustStore(roots: roots, includesSystem: true)
                )
            }
        }
    }

    private static func vectors() throws -> [Vector] {
        let file = try JSONValue.parse(Fixture.bytes("providers/paypal/signatures.json"), policy: .provider)
        return ((file["cases"]?.array ?? []) + (file["divergent"]?.array ?? [])).map { Vector(value: $0) }
    }

    private static func isExpected(_ verdict: WebhookVerdict, reason: String, name: String) -> Bool {
        switch (verdict, reason) {
        case (.verified, "ok"): true
        // The signature is right, and the body is refused for its form.
        case (.refused(.bodyMalformed), "ok"): ["valid_not_json", "invalid_utf8_body", "valid_crc_above_2_31"].contains(name)
        case (.refused(.signatureMissing), "missing_header"), (.refused(.algorithmRefused), "algorithm_refused"): true
        case (.refused(.certificateAddressRefused), "cert_url_refused"), (.refused(.signatureMalformed), "signature_not_base64"): true
        case (.refused(.certificateRefused), "cert_not_trusted"), (.refused(.certificateRefused), "cert_expired"): true
        case (.refused(.certificateRefused), "cert_not_yet_valid"), (.refused(.certificateRefused), "cert_name_refused"): true
        case (.refused(.signatureMismatch), "signature_mismatch"), (.unavailable, "cert_unreadable"): true
        default: false
        }
    }

    @Test("every vector is met, for its own reason, and no address is asked that must not be")
    func vectors() async throws {
        var checked = 0
        for vector in try Self.vectors() where vector.value["expected"]?.string != "either" {
            let reason = try #require(vector.value["reason"]?.string)
            let asked = Mutex<[String]>([])
            let chain = Array((vector.value["cert_chain_pem"]?.string ?? "").utf8)
            let network = PayPalSamples.network { request in
                asked.withLock { $0.append(request.url) }
                return .answered(status: 200, headers: [:], body: chain)
            }
            let provider = try vector.provider
            let verdict = await provider.verify(try vector.webhook, at: vector.now, network: network)
            #expect(Self.isExpected(verdict, reason: reason, name: vector.name), "\(vector.name): \(verdict), not \(reason)")
            let mayAsk = !["missing_header", "algorithm_refused", "cert_url_refused", "signature_not_base64"].contains(reason)
            #expect(asked.withLock { $0.count } == (mayAsk ? 1 : 0), "\(vector.name) asked")
            // What was learned is enough for the next delivery.
            let again = provider.verify(try vector.webhook, at: vector.now)
            #expect(Self.isExpected(again, reason: reason, name: vector.name), "\(vector.name) again: \(again)")
            checked += 1
        }
        #expect(checked == 57)
    }

    @Test("without its certificate a delivery is undecided, and what needs none is refused at once")
    func undecided() throws {
        for vector in try Self.vectors() where vector.value["expected"]?.string != "either" {
            let reason = vector.value["reason"]?.string ?? ""
            switch try vector.provider.verify(try vector.webhook, at: vector.now) {
            case .undecided: #expect(!["missing_header", "algorithm_refused", "cert_url_refused", "signature_not_base64"].contains(reason))
            case let verdict: #expect(Self.isExpected(verdict, reason: reason, name: vector.name), "\(vector.name): \(verdict)")
            }
        }
    }

    @Test("a signature or a body that is cut anywhere or changed at random is refused")
    func damage() async throws {
        let vector = try #require(try Self.vectors().first { $0.name == "valid" })
        let provider = try vector.provider
        let chain = Array((vector.value["cert_chain_pem"]?.string ?? "").utf8)
        let network = PayPalSamples.network { _ in .answered(status: 200, headers: [:], body: chain) }
        let webhook = try vector.webhook
        guard case .verified = await provider.verify(webhook, at: vector.now, network: network) else {
            Issue.record("the whole delivery must verify")
            return
        }
        for length in 0..<webhook.body.count {
            let cut = UnverifiedWebhook(headers: webhook.headers, body: Array(webhook.body.prefix(length)))
            if case .verified = provider.verify(cut, at: vector.now) { Issue.record("body cut at \(length)") }
        }
        let names: [HTTPField.Name] = [
            .payPalTransmissionID, .payPalTransmissionTime, .payPalTransmissionSignature, .payPalCertificateAddress, .payPalAlgorithm,
        ]
        var random = SeededRandom.printed("paypal headers")
        for name in names {
            let value = try #require(webhook.headers[name])
            for length in 0..<value.utf8.count {
                var headers = webhook.headers
                headers[name] = String(value.prefix(length))
                if case .verified = provider.verify(UnverifiedWebhook(headers: headers, body: webhook.body), at: vector.now) {
                    Issue.record("\(name) cut at \(length)")
                }
            }
            for _ in 0..<300 {
                var bytes = Array(value.utf8)
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 33...126, using: &random)
                let changed = String(decoding: bytes, as: UTF8.self)
                var headers = webhook.headers
                headers[name] = changed
                guard changed != value else { continue }
                if case .verified = provider.verify(UnverifiedWebhook(headers: headers, body: webhook.body), at: vector.now) {
                    Issue.record("\(name) changed")
                }
            }
            var headers = webhook.headers
            headers.append(HTTPField(name: name, value: value))
            #expect(throws: WebhookRefusal.signatureMissing, "\(name) twice") {
                try provider.transmission(of: UnverifiedWebhook(headers: headers, body: webhook.body))
            }
        }
    }
}
