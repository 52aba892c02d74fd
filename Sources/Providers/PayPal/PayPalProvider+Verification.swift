import HTTPTypes
package import Payments
import StrictJSON

extension PayPalProvider: NetworkVerification {
    /// Judges a delivery after its certificate was fetched; where that is not to be had, PayPal's API may be asked, if it was switched on.
    package func verify(_ webhook: UnverifiedWebhook, at now: Timestamp, network: VerificationNetwork) async -> WebhookVerdict {
        do throws(WebhookRefusal) {
            let transmission = try transmission(of: webhook)
            let address = transmission.certificateAddress
            let standing = await certificates.standing(of: address, at: now) {
                await network.certificates(ProviderRequest(method: .get, url: address, headers: [.accept: "*/*"]))
            }
            if case .unavailable = standing, access.asksAPI {
                return await askAPI(webhook, transmission, at: now, network.api)
            }
            return verdict(on: webhook, transmission, standing)
        } catch {
            return .refused(error)
        }
    }

    /// Lets PayPal judge its own delivery.
    private func askAPI(
        _ webhook: UnverifiedWebhook,
        _ transmission: PayPalTransmission,
        at now: Timestamp,
        _ send: ProviderSend
    ) async -> WebhookVerdict {
        // The body goes into the request as it is, so it must be proved to be one JSON text and nothing more.
        let read = read(webhook)
        guard case .verified = read else { return read }
        let call = PayPalCall(
            method: .post,
            path: "/v1/notifications/verify-webhook-signature",
            body: transmission.verificationRequest(provedJSON: webhook.body)
        )
        switch await calls.make(call, at: now, send: send) {
        case .done(let answer):
            switch answer?["verification_status"]?.string {
            case "SUCCESS": return read
            case "FAILURE": return .refused(.signatureMismatch)
            default: return .unavailable(reason: "PayPal's judgement cannot be read")
            }
        case .refused(let issue): return .unavailable(reason: "PayPal does not judge: \(issue.code)")
        case .unknown(let reason, _), .notDone(let reason, _): return .unavailable(reason: reason)
        }
    }
}
