import Cryptography
import Testing

@Suite("CRC-32")
struct CRC32Tests {
    @Test(
        "known checksums of zlib",
        arguments: [
            ("", 0), ("123456789", 0xCBF4_3926), ("a", 0xE8B7_BE43), ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
        ] as [(String, UInt32)]
    )
    func known(text: String, checksum: UInt32) {
        #expect(CRC32.checksum(Array(text.utf8)) == checksum)
    }

    @Test("every changed bit changes the checksum")
    func bits() {
        let bytes = Array("{\"id\":\"WH-1\"}".utf8)
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << bit
                #expect(CRC32.checksum(changed) != CRC32.checksum(bytes))
            }
        }
    }
}
