import Cryptography
import Testing

@Suite("constant-time comparison")
struct ConstantTimeComparisonTests {
    @Test("equal bytes are equal and any change is seen")
    func changes() {
        let code = SHA256.digest([1])
        #expect(constantTimeEqual(code, code))
        #expect(constantTimeEqual([], []))
        for position in code.indices {
            for bit in 0..<8 {
                var changed = code
                changed[position] ^= 1 << UInt8(bit)
                #expect(!constantTimeEqual(code, changed))
            }
        }
    }

    @Test("different lengths are never equal, prefixes included")
    func lengths() {
        let code = SHA256.digest([1])
        for count in 0..<code.count {
            #expect(!constantTimeEqual(code, Array(code.prefix(count))))
            #expect(!constantTimeEqual(Array(code.prefix(count)), code))
        }
        #expect(!constantTimeEqual(code, code + [0]))
    }
}
