package import Payments
import Providers

/// What the order core can ask for on a charge that exists.
package enum ChargeOperation: Sendable, Hashable {
    /// Take what is held, or less of it.
    case capture(Amount?)
    /// Close it without money.
    case cancel
    /// Give back what is left of it, or less.
    case refund(Amount?, reason: String?)
}

/// Why an operation cannot be carried out on a charge as it stands.
package enum ChargeOperationRefusal: String, Error, Sendable, CaseIterable {
    case chargeNotFound = "not_found"
    /// The charge's provider is not set up here any more.
    case methodUnavailable = "method_unavailable"
    /// Nothing is held for the charge.
    case chargeNotCapturable = "charge_not_capturable"
    /// The charge is paid, or closed already.
    case chargeNotCancelable = "charge_not_cancelable"
    /// Nothing was taken, or all of it went back.
    case chargeNotRefundable = "charge_not_refundable"
    /// Another capture or cancellation of the charge has not ended.
    case operationInProgress = "operation_in_progress"
    /// More than is held.
    case captureAmountTooLarge = "capture_amount_too_large"
    /// More than is left of what was taken.
    case refundAmountTooLarge = "refund_amount_too_large"
    /// The method takes all that is held or nothing.
    case partialCaptureNotSupported = "partial_capture_not_supported"
    case cancelNotSupported = "cancel_not_supported"
    case refundNotSupported = "refund_not_supported"
    /// The method gives all back or nothing.
    case partialRefundNotSupported = "partial_refund_not_supported"
}

/// Checks an operation against the charge and what its method can do; pure.
enum ChargeOperationAdmission {
    /// What is known of a charge under lock.
    struct Standing: Sendable {
        let charge: Charge
        let refunds: [Refund]
        /// The names of its calls to the provider that have not ended.
        let openCalls: Set<String>
    }

    /// The operation to be asked of the provider.
    ///
    /// - Throws: `ChargeOperationRefusal`, the first reason that applies.
    static func admit(
        _ operation: ChargeOperation,
        _ standing: Standing,
        method: MethodProfile,
        refundID: RefundID,
        at now: Timestamp
    ) throws(ChargeOperationRefusal) -> ProviderOperation {
        switch operation {
        case .capture(let amount): return .capture(try capture(amount, standing, method))
        case .cancel:
            guard method.allowsCancel else { throw .cancelNotSupported }
            guard standing.charge.status.isOpen || standing.charge.status == .failed else { throw .chargeNotCancelable }
            guard standing.openCalls.isDisjoint(with: ["capture", "cancel"]) else { throw .operationInProgress }
            return .cancel
        case .refund(let amount, let reason):
            let amount = try refund(amount, standing, method)
            return .refund(
                Refund(
                    id: refundID,
                    chargeID: standing.charge.id,
                    provider: standing.charge.provider,
                    amount: amount,
                    reason: reason,
                    createdAt: now
                )
            )
        }
    }

    private static func capture(
        _ amount: Amount?,
        _ standing: Standing,
        _ method: MethodProfile
    ) throws(ChargeOperationRefusal) -> Amount {
        let held = standing.charge.order.amount
        guard standing.charge.status == .authorized else { throw .chargeNotCapturable }
        guard standing.openCalls.isDisjoint(with: ["capture", "cancel"]) else { throw .operationInProgress }
        let amount = amount ?? held
        guard amount.minorUnits <= held.minorUnits else { throw .captureAmountTooLarge }
        guard amount == held || method.allowsPartialCapture else { throw .partialCaptureNotSupported }
        return amount
    }

    private static func refund(
        _ amount: Amount?,
        _ standing: Standing,
        _ method: MethodProfile
    ) throws(ChargeOperationRefusal) -> Amount {
        guard method.refunds != .none else { throw .refundNotSupported }
        let left = standing.charge.refundable(beside: standing.refunds)
        guard standing.charge.status == .succeeded, left.isPositive else { throw .chargeNotRefundable }
        let amount = amount ?? left
        guard amount.minorUnits <= left.minorUnits else { throw .refundAmountTooLarge }
        guard method.refunds == .partial || amount == standing.charge.amountCaptured else { throw .partialRefundNotSupported }
        return amount
    }
}
