import Payments
import Testing

@testable import Providers

@Suite("When open charges are looked at")
struct BankPollingTests {
    private func charge(endsAfter seconds: Int64?) -> Charge {
        let order = ChargeOrder(
            orderID: "o",
            amount: Amount(minorUnits: 1, asset: .thb),
            method: .promptpay,
            expiresAt: seconds.map { Timestamp(seconds: $0) }
        )
        return Charge(id: ChargeID(value: 1), order: order, provider: .promptPay, createdAt: Timestamp(seconds: 0))
    }

    /// The ages at which a charge is looked at when each look comes at its time.
    private func ages(_ charge: Charge, limit: Int = 40) -> [Int64] {
        var ages: [Int64] = [15]
        while ages.count < limit, let wait = BankPolling.wait(for: charge, at: Timestamp(seconds: ages[ages.count - 1])) {
            ages.append(ages[ages.count - 1] + wait.components.seconds)
        }
        return ages
    }

    @Test("soon at first, then less often, once more after the end, and then never")
    func ages() {
        #expect(ages(charge(endsAfter: 900)) == [15, 45, 105, 225, 525, 825, 1200])
        #expect(ages(charge(endsAfter: 60)) == [15, 45, 360])
        #expect(ages(charge(endsAfter: 5)) == [15, 305])
        #expect(Array(ages(charge(endsAfter: 86_400), limit: 400).suffix(2)) == [86_325, 86_700])
        #expect(ages(charge(endsAfter: nil)).count == 40)
    }

    @Test("a look that comes late neither repeats nor skips the rest")
    func late() {
        for age in stride(from: 0, to: 1300, by: 7) as StrideTo<Int64> {
            let wait = BankPolling.wait(for: charge(endsAfter: 900), at: Timestamp(seconds: age))
            #expect((wait == nil) == (age >= 1200))
            if let wait { #expect(wait > .zero && wait <= .seconds(375)) }
        }
    }
}
