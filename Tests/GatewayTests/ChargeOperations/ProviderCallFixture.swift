import Payments
import Storage

/// Calls as the database would give them back.
enum ProviderCallFixture {
    static func call(_ operation: String, amount: Amount?) -> ProviderCall {
        ProviderCall(
            chargeID: ChargeID(value: 1),
            operation: operation,
            amount: amount,
            attempts: 1,
            nextAttemptAt: Timestamp(seconds: 1),
            claim: nil
        )
    }
}
