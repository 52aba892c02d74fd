import Cryptography
import HTTPTypes
import Payments
import StrictJSON
import Synchronization
import TestSupport
import Testing

@testable import Providers

@Suite("The certificates of PayPal's webhooks")
struct PayPalCertificatesTests {
    /// A PayPal of our own: its keys, and deliveries signed with them.
    private struct Signer {
        let now = Timestamp(seconds: 1_795_435_200)
        let root: CertificateAuthority
        let key = RSAPrivateKey()
        let chain: [UInt8]

        init(name: String = "messageverificationcerts.paypal.com", lasts: Int64 = 3600) {
            let validity = now.seconds - 60...now.seconds + 86_400
            root = CertificateAuthority(commonName: "Root", validity: validity)
            let request = CertificateAuthority.Request(commonName: name, validity: now.seconds - 60...now.seconds + lasts)
            chain = Array(root.issue(request, for: key).pem.utf8)
        }

        func provider(asksAPI: Bool = false) -> PayPalProvider {
            PayPalSamples.provider(asksAPI: asksAPI, trust: TrustStore(roots: [root.certificate], includesSystem: false))
        }

        func delivery(_ address: String = "https://api.paypal.com/v1/notifications/certs/CERT-1", body: String? = nil) -> UnverifiedWebhook
        {
            let body = Array((body ?? #"{"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED","resource":{"id":"1"}}"#).utf8)
            let message = Array("t-1|2026-11-23T11:59:58Z|WH-1|\(CRC32.checksum(body))".utf8)
            var headers = HTTPFields()
            headers[.payPalTransmissionID] = "t-1"
            headers[.payPalTransmissionTime] = "2026-11-23T11:59:58Z"
            headers[.payPalTransmissionSignature] = Base64.encode(key.signature(for: message))
            headers[.payPalCertificateAddress] = address
            headers[.payPalAlgorithm] = "SHA256withRSA"
            return UnverifiedWebhook(headers: headers, body: body)
        }

        /// A network that answers the chain, and counts.
        func network(_ count: Counter, answer: ProviderAnswer? = nil, api: ScriptedPayPal? = nil) -> VerificationNetwork {
            let answer = answer ?? .answered(status: 200, headers: [:], body: chain)
            let away: ProviderSend = { _ in .notSent(reason: "no API") }
            return VerificationNetwork(
                certificates: { _ in
                    count.add()
                    await Task.yield()
                    return answer
                },
                api: api?.send ?? away
            )
        }
    }

    private final class Counter: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
        func add() { count.withLock { $0 += 1 } }
    }

    private static func isVerified(_ verdict: WebhookVerdict) -> Bool { if case .verified = verdict { true } else { false } }
    private static func isUnavailable(_ verdict: WebhookVerdict) -> Bool { if case .unavailable = verdict { true } else { false } }
    private static func isUndecided(_ verdict: WebhookVerdict) -> Bool { if case .undecided = verdict { true } else { false } }

    @Test("many deliveries at once fetch a certificate once, and later ones not at all")
    func sharing() async {
        let signer = Signer()
        let provider = signer.provider()
        let count = Counter()
        let network = signer.network(count)
        let verified = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<200 {
                group.addTask { Self.isVerified(await provider.verify(signer.delivery(), at: signer.now, network: network)) }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(verified == 200 && count.value == 1)
        #expect(Self.isVerified(provider.verify(signer.delivery(), at: signer.now)))
        #expect(count.value == 1)
    }

    @Test("a certificate is used until it ends, and then fetched anew")
    func end() async {
        let signer = Signer(lasts: 100)
        let provider = signer.provider()
        let count = Counter()
        _ = await provider.verify(signer.delivery(), at: signer.now, network: signer.network(count))
        #expect(Self.isVerified(provider.verify(signer.delivery(), at: signer.now.advanced(by: .seconds(100)))))
        let after = signer.now.advanced(by: .seconds(101))
        #expect(Self.isUndecided(provider.verify(signer.delivery(), at: after)))
        guard case .refused(.certificateRefused) = await provider.verify(signer.delivery(), at: after, network: signer.network(count))
        else {
            Issue.record("an expired certificate is believed")
            return
        }
        #expect(count.value == 2)
    }

    @Test(
        "a certificate that cannot be had is asked for again only after a while, and nobody is refused for it",
        arguments: [
            .notSent(reason: "could not connect"), .unknown(reason: "timed out"), .answered(status: 503, headers: [:], body: []),
            .answered(status: 404, headers: [:], body: []), .answered(status: 302, headers: [:], body: []),
            .answered(status: 200, headers: [:], body: Array("<html></html>".utf8)), .answered(status: 200, headers: [:], body: []),
        ] as [ProviderAnswer]
    )
    func unavailable(answer: ProviderAnswer) async {
        let signer = Signer()
        let provider = signer.provider()
        let count = Counter()
        for _ in 0..<50 {
            #expect(
                Self.isUnavailable(await provider.verify(signer.delivery(), at: signer.now, network: signer.network(count, answer: answer)))
            )
            #expect(Self.isUnavailable(provider.verify(signer.delivery(), at: signer.now)))
        }
        #expect(count.value == 1)
        let later = signer.now.advanced(by: .seconds(3))
        #expect(Self.isUndecided(provider.verify(signer.delivery(), at: later)))
        #expect(Self.isVerified(await provider.verify(signer.delivery(), at: later, network: signer.network(count))))
        #expect(count.value == 2)
    }

    @Test("a certificate of another name is refused without being fetched each time")
    func refused() async {
        let signer = Signer(name: "messageverificationcerts.paypal.com.evil.example")
        let provider = signer.provider()
        let count = Counter()
        for _ in 0..<50 {
            guard
                case .refused(.certificateRefused) = await provider.verify(
                    signer.delivery(),
                    at: signer.now,
                    network: signer.network(count)
                )
            else {
                Issue.record("believed")
                return
            }
        }
        #expect(count.value == 1)
    }

    @Test("whoever invents addresses makes thirty requests a minute, takes bounded memory, and does not drive out the good certificate")
    func invented() async {
        let signer = Signer()
        let provider = signer.provider()
        let good = Counter()
        _ = await provider.verify(signer.delivery(), at: signer.now, network: signer.network(good))
        let count = Counter()
        let bad = signer.network(count, answer: .answered(status: 404, headers: [:], body: []))
        for number in 0..<10_000 {
            let address = "https://api.paypal.com/v1/notifications/certs/CERT-\(number)-x"
            #expect(Self.isUnavailable(await provider.verify(signer.delivery(address), at: signer.now, network: bad)))
        }
        #expect(count.value == 29)
        #expect(Self.isVerified(provider.verify(signer.delivery(), at: signer.now)))
        for minute in 1...40 {
            let now = signer.now.advanced(by: .seconds(61 * minute))
            for number in 0..<40 {
                let address = "https://api.paypal.com/v1/notifications/certs/CERT-\(minute)-\(number)"
                _ = await provider.verify(signer.delivery(address), at: now, network: bad)
            }
        }
        #expect(count.value == 29 + 40 * 30)
    }

    @Test("with the API as fallback PayPal judges what has no certificate, by the very bytes of the body")
    func fallback() async throws {
        let signer = Signer()
        let provider = signer.provider(asksAPI: true)
        let api = ScriptedPayPal()
        let path = "POST /v1/notifications/verify-webhook-signature"
        api.answer(path, ["verification_status": "SUCCESS"])
        api.answer(path, ["verification_status": "FAILURE"])
        api.answer(path, ["verification_status": "PERHAPS"])
        api.answer(path, .answered(status: 500, headers: [:], body: []))
        let network = signer.network(Counter(), answer: .notSent(reason: "away"), api: api)
        let body = "{ \"id\":\"WH-2\",\t\"event_type\":\"X\", \"value\":1.50 }"
        let delivery = signer.delivery(body: body)
        #expect(Self.isVerified(await provider.verify(delivery, at: signer.now, network: network)))
        let sent = try #require(api.requests.last { $0.url.hasSuffix("verify-webhook-signature") })
        let text = String(decoding: sent.body, as: UTF8.self)
        #expect(text.hasSuffix("\"webhook_event\":\(body)}"))
        let value = try JSONValue.parse(sent.body)
        #expect(value["webhook_id"]?.string == "WH-1" && value["transmission_id"]?.string == "t-1")
        #expect(value["auth_algo"]?.string == "SHA256withRSA" && value["cert_url"]?.string?.hasPrefix("https://api.paypal.com/") == true)
        guard case .refused(.signatureMismatch) = await provider.verify(delivery, at: signer.now, network: network) else {
            Issue.record("PayPal's no is not heard")
            return
        }
        #expect(Self.isUnavailable(await provider.verify(delivery, at: signer.now, network: network)))
        #expect(Self.isUnavailable(await provider.verify(delivery, at: signer.now, network: network)))
    }

    @Test("a body that could add members of its own is refused before PayPal is asked")
    func splicing() async {
        let signer = Signer()
        let api = ScriptedPayPal()
        api.answer("POST /v1/notifications/verify-webhook-signature", ["verification_status": "SUCCESS"])
        let network = signer.network(Counter(), answer: .notSent(reason: "away"), api: api)
        for body in [#"{"id":"1","event_type":"X"},"webhook_id":"WH-OTHER""#, #"{"id":"1","event_type":"X"} {}"#, "", "{"] {
            let verdict = await signer.provider(asksAPI: true).verify(signer.delivery(body: body), at: signer.now, network: network)
            guard case .refused(.bodyMalformed) = verdict else {
                Issue.record("\(body): \(verdict)")
                return
            }
        }
        #expect(api.requests.isEmpty)
    }
}
