import Cryptography
import Glibc
import HTTPTypes

/// The keys and certificates of one simulated PayPal, made anew by each.
///
/// An authority that gateways have to be told of, the certificate that signs webhooks under PayPal's own name, and one for the TLS server
/// that hands it out.
package struct PayPalSigning: Sendable {
    /// The authority in PEM, for `PAYPAL_WEBHOOK_CA_FILE`.
    package let authorityPEM: String
    /// What the certificate's address answers: the leaf and the authority between it and the root.
    let chainPEM: String
    let tls: TLSServerContext
    private let key = RSAPrivateKey()

    private static let day: Int64 = 86_400

    /// Makes everything for a TLS server that is found under `host`, valid for a month.
    package init(host: String) {
        let validity = WallClock.seconds - PayPalSigning.day...WallClock.seconds + 30 * PayPalSigning.day
        let root = CertificateAuthority(commonName: "Simulated authority of TruvaPay, for tests only", validity: validity)
        let middle = root.subordinate(commonName: "Simulated authority for PayPal", validity: validity)
        let leaf = middle.issue(
            CertificateAuthority.Request(commonName: "messageverificationcerts.sandbox.paypal.com", validity: validity),
            for: key
        )
        let serverKey = RSAPrivateKey()
        let server = CertificateAuthority.Request(commonName: host, hostNames: [host, "localhost"], validity: validity)
        tls = TLSServerContext(certificate: root.issue(server, for: serverKey), intermediates: [], key: serverKey)
        authorityPEM = root.certificate.pem
        chainPEM = leaf.pem + middle.certificate.pem
    }

    /// The headers of a delivery to a webhook.
    func headers(for body: [UInt8], webhookID: String, certificateAddress: String) -> HTTPFields {
        let id = Hexadecimal.encode(SecureRandom.bytes(16))
        let time = WallClock.payPal
        let message = "\(id)|\(time)|\(webhookID)|\(CRC32.checksum(body))"
        var headers = HTTPFields()
        headers[PayPalHeaders.transmissionID] = id
        headers[PayPalHeaders.transmissionTime] = time
        headers[PayPalHeaders.transmissionSignature] = Base64.encode(key.signature(for: Array(message.utf8)))
        headers[PayPalHeaders.certificateAddress] = certificateAddress
        headers[PayPalHeaders.algorithm] = "SHA256withRSA"
        headers[PayPalHeaders.version] = "v2"
        return headers
    }

    /// Whether a delivery that somebody asks about is one of ours: RSA signs the same text the same way each time.
    func isOurs(_ signature: String, id: String, time: String, webhookID: String, body: [UInt8]) -> Bool {
        let message = "\(id)|\(time)|\(webhookID)|\(CRC32.checksum(body))"
        return Base64.encode(key.signature(for: Array(message.utf8))) == signature
    }
}

/// The header names of PayPal.
enum PayPalHeaders {
    static let transmissionID = SimulatorHeaders.known("PayPal-Transmission-Id")
    static let transmissionTime = SimulatorHeaders.known("PayPal-Transmission-Time")
    static let transmissionSignature = SimulatorHeaders.known("PayPal-Transmission-Sig")
    static let certificateAddress = SimulatorHeaders.known("PayPal-Cert-Url")
    static let algorithm = SimulatorHeaders.known("PayPal-Auth-Algo")
    static let version = SimulatorHeaders.known("PayPal-Auth-Version")
    static let requestID = SimulatorHeaders.known("PayPal-Request-Id")
    static let debugID = SimulatorHeaders.known("PayPal-Debug-Id")
}

extension WallClock {
    /// The present moment as PayPal writes it: RFC 3339 in UTC, whole seconds.
    static var payPal: String {
        var moment = time(nil)
        var parts = tm()
        gmtime_r(&moment, &parts)
        let padded = { (value: Int32) in value < 10 ? "0\(value)" : "\(value)" }
        let date = "\(parts.tm_year + 1900)-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
        return "\(date)T\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))Z"
    }
}
