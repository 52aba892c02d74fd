import Cryptography
import HTTPTypes
import StrictJSON

/// The headers with which PayPal signs a delivery, read and checked as far as that goes without the certificate.
struct PayPalTransmission {
    /// Where the certificate is.
    let certificateAddress: String
    /// What was signed: `transmission-id|transmission-time|webhook-id|crc`, the time as received.
    let message: [UInt8]
    let signature: [UInt8]
    private let headers: [(name: String, value: String)]

    private static let algorithm = "SHA256withRSA"
    private static let headerBytesMax = 1024

    /// Reads the headers of a delivery to the webhook `webhookID`.
    ///
    /// - Throws: `WebhookRefusal`.
    init(_ webhook: UnverifiedWebhook, webhookID: String, addresses: PayPalCertificateAddress) throws(WebhookRefusal) {
        let id = try PayPalTransmission.value(.payPalTransmissionID, of: webhook)
        let time = try PayPalTransmission.value(.payPalTransmissionTime, of: webhook)
        let signature = try PayPalTransmission.value(.payPalTransmissionSignature, of: webhook)
        let address = try PayPalTransmission.value(.payPalCertificateAddress, of: webhook)
        let algorithm = try PayPalTransmission.value(.payPalAlgorithm, of: webhook)
        // PayPal's old libraries take SHA1withRSA too.
        guard algorithm == PayPalTransmission.algorithm else { throw .algorithmRefused }
        guard addresses.allows(address) else { throw .certificateAddressRefused }
        guard let bytes = try? Base64.decode(signature) else { throw .signatureMalformed }
        self.signature = bytes
        certificateAddress = address
        message = Array("\(id)|\(time)|\(webhookID)|\(CRC32.checksum(webhook.body))".utf8)
        headers = [
            ("auth_algo", algorithm), ("cert_url", address), ("transmission_id", id), ("transmission_sig", signature),
            ("transmission_time", time), ("webhook_id", webhookID),
        ]
    }

    /// The body of a call to `/v1/notifications/verify-webhook-signature`.
    ///
    /// The event goes in as the very bytes that were received: PayPal signs those, and printed anew they would fail. They must have been
    /// found to be one JSON text before, or they could add members of their own.
    func verificationRequest(provedJSON body: [UInt8]) -> [UInt8] {
        let members = headers.map { "\(JSONValue.string($0.name).text):\(JSONValue.string($0.value).text)" }.joined(separator: ",")
        return Array("{\(members),\"webhook_event\":".utf8) + body + Array("}".utf8)
    }

    private static func value(_ name: HTTPField.Name, of webhook: UnverifiedWebhook) throws(WebhookRefusal) -> String {
        // Two headers of one name would be joined by a comma; whoever sends them wants to be read in two ways.
        let values = webhook.headers[values: name]
        guard values.count == 1, let value = values.first, (1...headerBytesMax).contains(value.utf8.count) else { throw .signatureMissing }
        return value
    }
}

extension HTTPField.Name {
    static let payPalTransmissionID = known("PayPal-Transmission-Id")
    static let payPalTransmissionTime = known("PayPal-Transmission-Time")
    static let payPalTransmissionSignature = known("PayPal-Transmission-Sig")
    static let payPalCertificateAddress = known("PayPal-Cert-Url")
    static let payPalAlgorithm = known("PayPal-Auth-Algo")
    static let payPalRequestID = known("PayPal-Request-Id")
    static let prefer = known("Prefer")
}
