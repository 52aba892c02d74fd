import Payments
import TestSupport
import Testing

@Suite("Identifier")
struct IdentifierTests {
    @Test("identifiers made later sort later, as bits and as text")
    func sorting() {
        var random = SeededRandom.printed("identifiers")
        var last = ChargeID(at: Timestamp(seconds: 1_795_460_000), random: &random)
        for step in 1...2000 {
            let next = ChargeID(at: Timestamp(microseconds: 1_795_460_000_000_000 + Int64(step)), random: &random)
            #expect(last < next)
            #expect(last.description < next.description)
            last = next
        }
    }

    @Test("the text reads back, and the bits are a UUID of version 7")
    func roundTrip() {
        var random = SeededRandom.printed("identifiers")
        for _ in 0..<2000 {
            let now = Timestamp(microseconds: Int64.random(in: 0...253_402_300_799_999_999, using: &random))
            let id = WebhookEventID(at: now, random: &random)
            #expect(WebhookEventID(id.description) == id)
            #expect(id.value >> 76 & 0xF == 7)
            #expect(id.value >> 62 & 0b11 == 0b10)
            #expect(Int64(id.value >> 80) == now.microseconds / 1000)
        }
    }

    @Test("a hundred thousand of one instant are distinct")
    func distinct() {
        var random = SeededRandom.printed("identifiers")
        let made = Set((0..<100_000).map { _ in EntryID(at: Timestamp(seconds: 1), random: &random) })
        #expect(made.count == 100_000)
    }

    @Test(
        "text that is not ours is refused",
        arguments: [
            "", "ch_", "evt_01jdddddddddddddddddddddddd", "ch_01jdddddddddddddddddddddd", "ch_01jdddddddddddddddddddddddddd",
            "ch_81jddddddddddddddddddddddd0", "ch_01jdddddddddddddddddddddddu", "ch_01JDDDDDDDDDDDDDDDDDDDDDDD",
            "CH_01jddddddddddddddddddddddd0",
        ]
    )
    func refused(text: String) {
        #expect(ChargeID(text) == nil)
    }
}
