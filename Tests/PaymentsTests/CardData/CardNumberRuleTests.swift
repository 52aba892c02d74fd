import Payments
import TestSupport
import Testing

@Suite("Card numbers")
struct CardNumberRuleTests {
    @Test(
        "card numbers are recognised, grouped and inside text too",
        arguments: [
            "4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242", "card: 5555555555554444.", "378282246310005",
            "6011111111111117",
            "3530111333300000", "6200000000000005", "4222222222222", "x4111111111111111y", "2223003122003222",
        ]
    )
    func recognised(text: String) {
        #expect(CardNumberRule.isCardNumber(in: text))
    }

    @Test(
        "other numbers are not",
        arguments: [
            "", "4242424242424241", "424242424242", "42424242424242424242", "1732400000123", "0105562074027", "0812345678", "pm_card_visa",
            "4242 42 4242", "4242  4242 4242 4242", "9780201379624",
        ]
    )
    func others(text: String) {
        #expect(!CardNumberRule.isCardNumber(in: text))
    }

    @Test("our own identifiers are never taken for one")
    func identifiers() {
        var random = SeededRandom.printed("card numbers")
        for _ in 0..<20_000 {
            let id = ChargeID(at: Timestamp(seconds: Int64.random(in: 1_700_000_000...2_000_000_000, using: &random)), random: &random)
            #expect(!CardNumberRule.isCardNumber(in: id.description))
        }
    }
}
