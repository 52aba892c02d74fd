package import Cryptography
import HTTPTypes

/// Which bank is simulated: what its confirmations look like, and how they are signed.
package enum BankStyle: Sendable {
    /// SCB's fields with a signature of our own.
    case signed(secret: SecretText)
    /// SCB, which signs nothing.
    case scb
    /// Omise, with its secret in base64.
    case omise(secret: SecretText)

    /// The headers that prove a body.
    var sign: @Sendable ([UInt8]) -> HTTPFields {
        switch self {
        case .scb: return { _ in [:] }
        case .signed(let secret):
            let key = HMACKey(secret)
            return { body in
                let timestamp = WallClock.seconds
                let code = key.authenticationCode(parts: [Array("\(timestamp).".utf8), body])
                return [SimulatorHeaders.bankSignature: "t=\(timestamp),v1=\(Hexadecimal.encode(code))"]
            }
        case .omise(let secret):
            let key = HMACKey((try? Base64.decode(secret.exposed)) ?? [])
            return { body in
                let timestamp = WallClock.seconds
                let code = key.authenticationCode(parts: [Array("\(timestamp).".utf8), body])
                return [
                    SimulatorHeaders.omiseSignature: Hexadecimal.encode(code), SimulatorHeaders.omiseTimestamp: "\(timestamp)",
                ]
            }
        }
    }
}
