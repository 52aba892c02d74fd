import Payments
import Providers
import Storage
import StrictJSON
import Testing

@testable import Gateway

@Suite("Operations on charges")
struct ChargeOperationTests {
    private static func thb(_ satang: Int128) -> Amount { Amount(minorUnits: satang, asset: .thb) }

    private static func charge(_ status: ChargeStatus, captured: Int128 = 0) -> Charge {
        let order = ChargeOrder(orderID: "o", amount: thb(10000), method: .card, capture: .manual)
        var charge = Charge(id: ChargeID(value: 1), order: order, provider: .stripe, createdAt: Timestamp(seconds: 1))
        charge.status = status
        charge.amountCaptured = thb(captured)
        return charge
    }

    private static func method(partial: Bool = true, refunds: RefundSupport = .partial, cancel: Bool = true) -> MethodProfile {
        MethodProfile(
            limits: [:],
            allowsManualCapture: true,
            allowsPartialCapture: partial,
            refunds: refunds,
            allowsCancel: cancel,
            expiresInDefault: nil,
            expiresInMaximum: .seconds(1)
        )
    }

    private static func admit(
        _ operation: ChargeOperation,
        _ charge: Charge,
        refunds: [Refund] = [],
        open: Set<String> = [],
        _ method: MethodProfile = method()
    ) -> Result<ProviderOperation, ChargeOperationRefusal> {
        let standing = ChargeOperationAdmission.Standing(charge: charge, refunds: refunds, openCalls: open)
        return Result { () throws(ChargeOperationRefusal) in
            try ChargeOperationAdmission.admit(operation, standing, method: method, refundID: RefundID(value: 2), at: Timestamp(seconds: 2))
        }
    }

    @Test("a capture takes what is held or less, once at a time")
    func capture() {
        let held = Self.charge(.authorized)
        #expect(Self.admit(.capture(nil), held) == .success(.capture(Self.thb(10000))))
        #expect(Self.admit(.capture(Self.thb(1)), held) == .success(.capture(Self.thb(1))))
        #expect(Self.admit(.capture(Self.thb(10001)), held) == .failure(.captureAmountTooLarge))
        #expect(Self.admit(.capture(Self.thb(1)), held, Self.method(partial: false)) == .failure(.partialCaptureNotSupported))
        #expect(Self.admit(.capture(nil), held, Self.method(partial: false)) == .success(.capture(Self.thb(10000))))
        for open in ["capture", "cancel"] { #expect(Self.admit(.capture(nil), held, open: [open]) == .failure(.operationInProgress)) }
        for status in ChargeStatus.allCases where status != .authorized {
            #expect(Self.admit(.capture(nil), Self.charge(status)) == .failure(.chargeNotCapturable))
        }
    }

    @Test("a charge that is not paid can be closed")
    func cancel() {
        for status in ChargeStatus.allCases {
            let isFree = status.isOpen || status == .failed
            #expect(Self.admit(.cancel, Self.charge(status)) == (isFree ? .success(.cancel) : .failure(.chargeNotCancelable)))
        }
        #expect(Self.admit(.cancel, Self.charge(.processing), Self.method(cancel: false)) == .failure(.cancelNotSupported))
        #expect(Self.admit(.cancel, Self.charge(.authorized), open: ["capture"]) == .failure(.operationInProgress))
    }

    @Test("a refund gives back what is left or less")
    func refund() {
        let paid = Self.charge(.succeeded, captured: 9000)
        var earlier = Refund(
            id: RefundID(value: 7),
            chargeID: paid.id,
            provider: .stripe,
            amount: Self.thb(4000),
            createdAt: Timestamp(seconds: 1)
        )
        let amount = { (result: Result<ProviderOperation, ChargeOperationRefusal>) -> Int128? in
            guard case .success(.refund(let refund)) = result else { return nil }
            return refund.amount.minorUnits
        }
        #expect(amount(Self.admit(.refund(nil, reason: nil), paid)) == 9000)
        #expect(amount(Self.admit(.refund(nil, reason: nil), paid, refunds: [earlier])) == 5000)
        #expect(Self.admit(.refund(Self.thb(5001), reason: nil), paid, refunds: [earlier]) == .failure(.refundAmountTooLarge))
        earlier.status = .failed
        #expect(amount(Self.admit(.refund(nil, reason: nil), paid, refunds: [earlier])) == 9000)
        earlier.status = .succeeded
        earlier.amount = Self.thb(9000)
        #expect(Self.admit(.refund(nil, reason: nil), paid, refunds: [earlier]) == .failure(.chargeNotRefundable))
        #expect(Self.admit(.refund(nil, reason: nil), Self.charge(.authorized)) == .failure(.chargeNotRefundable))
        #expect(Self.admit(.refund(nil, reason: nil), paid, Self.method(refunds: .none)) == .failure(.refundNotSupported))
        let part = Self.admit(.refund(Self.thb(1), reason: nil), paid, Self.method(refunds: .whole))
        #expect(part == .failure(.partialRefundNotSupported))
        #expect(amount(Self.admit(.refund(nil, reason: nil), paid, Self.method(refunds: .whole))) == 9000)
    }

    @Test("a definite no is a problem, an unknown outcome is accepted, an answer is done")
    func answers() throws {
        let charge = Self.charge(.authorized)
        let failure = ChargeFailure(code: "x", message: "No.", providerCode: "charge_expired_for_capture", isRetryable: false)
        let refused = OperationAnswer.answer(to: .capture(Self.thb(1)), .refused(reason: failure), charge: charge, refund: nil)
        #expect(refused.status == 409 && refused.contentType == "application/problem+json")
        #expect(try JSONValue.parse(refused.body)["code"]?.string == "provider_refused")
        let unknown = OperationAnswer.answer(to: .cancel, .unknown(reason: "x", retryAfter: nil), charge: charge, refund: nil)
        #expect(unknown.status == 202)
        #expect(OperationAnswer.answer(to: .cancel, .facts([]), charge: charge, refund: nil).status == 200)
    }

    @Test("a stored call is the operation it was made from")
    func stored() throws {
        let charge = Self.charge(.succeeded)
        let refund = Refund(
            id: RefundID(value: 7),
            chargeID: charge.id,
            provider: .stripe,
            amount: Self.thb(1),
            createdAt: Timestamp(seconds: 1)
        )
        for operation in [ProviderOperation.create, .expire, .fetch, .cancel, .capture(Self.thb(5)), .refund(refund)] {
            var amount: Amount?
            if case .capture(let held) = operation { amount = held }
            #expect(ProviderOperation.refundID(operation.name) == (operation.kind == "refund" ? refund.id : nil))
            let call = ProviderCallFixture.call(operation.name, amount: amount)
            #expect(ProviderOperation(call, refund: operation.kind == "refund" ? refund : nil) == operation)
        }
        #expect(ProviderOperation(ProviderCallFixture.call("capture", amount: nil), refund: nil) == nil)
        #expect(ProviderOperation(ProviderCallFixture.call("refund:\(RefundID(value: 8))", amount: nil), refund: refund) == nil)
    }
}
