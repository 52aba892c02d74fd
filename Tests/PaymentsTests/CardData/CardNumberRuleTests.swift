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
            "order_4242424242424242", "3782-822463-10005", "3782 822463 10005", "paid with 4242 4242 4242 4242 today",
            "a/4242424242424242?",
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
            "a1b24242424242424242", "42424242-4242-4242-8242-424242424242", "4242-42424242-4242",
        ]
    )
    func others(text: String) {
        #expect(!CardNumberRule.isCardNumber(in: text))
    }

    @Test("identifiers that others make are never taken for one")
    func foreignIdentifiers() {
        var random = SeededRandom.printed("card numbers in foreign identifiers")
        for _ in 0..<50_000 {
            let hexadecimal = (0..<32).map { _ in "0123456789abcdef".randomElement(using: &random).map(String.init) ?? "" }.joined()
            #expect(!CardNumberRule.isCardNumber(in: hexadecimal))
            let uuid = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { hexadecimal.dropFirst($0.lowerBound).prefix($0.count) }
            #expect(!CardNumberRule.isCardNumber(in: uuid.joined(separator: "-")))
        }
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
