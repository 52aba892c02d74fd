import Cryptography
import Testing

@Suite("secure random numbers")
struct SecureRandomTests {
    @Test("as many bytes come as were asked for", arguments: [0, 1, 16, 32, 100_000])
    func count(count: Int) {
        #expect(SecureRandom.bytes(count).count == count)
    }

    @Test("ten thousand tokens are all different")
    func distinct() {
        #expect(Set((0..<10_000).map { _ in SecureRandom.bytes(16) }).count == 10_000)
    }

    @Test("every bit of the generator's numbers moves")
    func bits() {
        var generator = SecureRandom()
        var union: UInt64 = 0
        var intersection: UInt64 = .max
        for _ in 0..<256 {
            let number = generator.next()
            union |= number
            intersection &= number
        }
        #expect(union == .max)
        #expect(intersection == 0)
        #expect((1...6).contains(Int.random(in: 1...6, using: &generator)))
    }
}
