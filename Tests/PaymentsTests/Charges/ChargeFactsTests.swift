import Payments
import Testing

@Suite("Charge facts")
struct ChargeFactsTests {
    private let payable = ChartOfAccounts.ordersPayable(.thb)
    private let clearing = ChartOfAccounts.clearing(.stripe, .thb)
    private let suspense = ChartOfAccounts.suspense(.stripe, .thb)

    @Test("a capture pays the charge: one entry, one notification")
    func capture() {
        let told = ChargeFixture.tell([ChargeFixture.captured()], to: ChargeFixture.charge())
        #expect(told.charge.status == .succeeded)
        #expect(told.charge.amountCaptured == ChargeFixture.thb(15000))
        #expect(told.charge.providerReference == "pi_1")
        #expect(told.charge.version == 2)
        #expect(told.notifications == [.chargeSucceeded])
        #expect(told.balance(clearing) == 15000)
        #expect(told.balance(payable) == 15000)
    }

    @Test("the same capture told by another event books once")
    func twice() {
        let told = ChargeFixture.tell([ChargeFixture.captured(at: 110), ChargeFixture.captured(at: 112)], to: ChargeFixture.charge())
        #expect(told.entries.count == 1)
        #expect(told.notifications == [.chargeSucceeded])
    }

    @Test("a second payment goes to suspense")
    func duplicatePayment() {
        let facts = [ChargeFixture.captured(), ChargeFixture.captured(transaction: "pi_2")]
        let told = ChargeFixture.tell(facts, to: ChargeFixture.charge())
        #expect(told.reasons == [.duplicatePayment])
        #expect(told.balance(suspense) == 15000)
        #expect(told.balance(clearing) == 30000)
        #expect(told.notifications == [.chargeSucceeded, .paymentUnmatched])
    }

    @Test("more than asked for pays the charge with its own amount; the rest is the payer's, and finance and the order core hear of it")
    func overpaid() {
        let told = ChargeFixture.tell([ChargeFixture.captured(15250), ChargeFixture.captured(15250)], to: ChargeFixture.charge())
        #expect(told.charge.status == .succeeded && told.charge.amountCaptured == ChargeFixture.thb(15000))
        #expect(told.balance(payable) == 15000 && told.balance(suspense) == 250 && told.balance(clearing) == 15250)
        #expect(told.reasons == [.overpaid] && told.notifications == [.chargeSucceeded, .paymentUnmatched])
        let decision = ChargeFixture.charge().apply(ChargeFixture.captured(15250), at: Timestamp(seconds: 1000))
        #expect(decision.exceptions.map(\.amount) == [ChargeFixture.thb(250)])
        #expect(decision.exceptions.map(\.chargeID) == [ChargeFixture.id])
        #expect(decision.notifications.map(\.ordinal) == [2, 2])
    }

    @Test("less than asked for is booked as received and does not pay the charge", arguments: [1, 14999] as [Int128])
    func mismatch(satang: Int128) {
        let told = ChargeFixture.tell([ChargeFixture.captured(satang)], to: ChargeFixture.charge())
        #expect(told.charge.status == .processing)
        #expect(told.reasons == [.amountMismatch])
        #expect(told.balance(suspense) == satang)
        #expect(told.balance(payable) == 0)
    }

    @Test("another currency is booked in that currency's suspense")
    func currency() {
        let amount = Amount(minorUnits: 15000, asset: .usd)
        let fact = ChargeFixture.fact(.captured(PaymentFact.Capture(amount: amount, transaction: "pi_1")))
        let told = ChargeFixture.tell([fact], to: ChargeFixture.charge())
        #expect(told.reasons == [.currencyMismatch])
        #expect(told.balance(ChartOfAccounts.suspense(.stripe, .usd)) == 15000)
        #expect(told.charge.status == .processing)
    }

    @Test("manual capture may take a part, never more")
    func manualCapture() {
        let charge = ChargeFixture.charge(capture: .manual)
        let authorized = ChargeFixture.fact(.authorized(ChargeFixture.thb(15000)), at: 105)
        let part = ChargeFixture.tell([authorized, ChargeFixture.captured(10000)], to: charge)
        #expect(part.charge.status == .succeeded)
        #expect(part.charge.amountCaptured == ChargeFixture.thb(10000))
        #expect(part.notifications == [.chargeAuthorized, .chargeSucceeded])
        let more = ChargeFixture.tell([authorized, ChargeFixture.captured(15001)], to: charge)
        #expect(more.reasons == [.amountMismatch])
        #expect(more.charge.status == .authorized)
    }

    @Test("a failed attempt that is followed by money succeeded after all")
    func failedThenCaptured() {
        let facts = [ChargeFixture.fact(.attemptFailed(ChargeFixture.declined), at: 105), ChargeFixture.captured()]
        let told = ChargeFixture.tell(facts, to: ChargeFixture.charge())
        #expect(told.charge.status == .succeeded)
        #expect(told.charge.failure == nil)
        #expect(told.notifications == [.chargeFailed, .chargeSucceeded])
    }

    @Test("money paid after the charge was canceled goes to suspense")
    func canceledThenCaptured() {
        let told = ChargeFixture.tell([ChargeFixture.fact(.canceled), ChargeFixture.captured(at: 111)], to: ChargeFixture.charge())
        #expect(told.charge.status == .canceled)
        #expect(told.reasons == [.chargeClosed])
        #expect(told.balance(suspense) == 15000)
    }

    @Test("progress that is older than what is known changes nothing")
    func oldProgress() {
        let redirect = NextAction.redirect(url: "https://bank.example")
        let facts = [ChargeFixture.fact(.processing, at: 120), ChargeFixture.fact(.actionRequired(redirect), at: 110)]
        let told = ChargeFixture.tell([ChargeFixture.fact(.actionRequired(redirect), at: 100)] + facts, to: ChargeFixture.charge())
        #expect(told.charge.status == .processing)
        #expect(told.charge.nextAction == nil)
    }

    @Test("the provider's name is learned even from a fact that changes nothing else")
    func learnsReference() {
        let decision = ChargeFixture.charge().apply(ChargeFixture.fact(.processing), at: Timestamp(seconds: 1))
        #expect(decision.charge?.providerReference == "pi_1")
        #expect(decision.charge?.version == 1)
        #expect(decision.notifications.isEmpty)
    }

    @Test("a cancellation by the provider after our time ran out is the expiry")
    func cancellationAfterExpiry() {
        let charge = ChargeFixture.charge(expiresAt: 200)
        #expect(ChargeFixture.tell([ChargeFixture.fact(.canceled, at: 200)], to: charge).charge.status == .expired)
        #expect(ChargeFixture.tell([ChargeFixture.fact(.canceled, at: 199)], to: charge).charge.status == .canceled)
    }
}
