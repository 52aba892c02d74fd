import Cryptography
import Testing

@Suite("Keccak-256")
struct Keccak256Tests {
    @Test(
        "published digests",
        arguments: [
            ("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
            ("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
        ]
    )
    func published(text: String, digest: String) {
        #expect(Hexadecimal.encode(Keccak256.digest(Array(text.utf8))) == digest)
    }

    @Test("the selector of a token's transfer is that of ERC-20")
    func selector() {
        #expect(Hexadecimal.encode(Keccak256.digest(Array("transfer(address,uint256)".utf8))).hasPrefix("a9059cbb"))
    }

    /// Computed with a second implementation that follows the specification's coordinates.
    @Test(
        "lengths round the block of 136 bytes",
        arguments: [
            (135, "3d28d08c3dacab77392064a939f3e7f8d03f2e02e2c664ac08a05f63ac652626"),
            (136, "b82d89d96e5575d11a9e1f4cabb2a45e60899e69a19a724cd796bdcf13511018"),
            (137, "ec8008a74e50bc7d6b22c3ad85402bf10e6d4449f3c8618e36c461b8a44eeafb"),
            (200, "3a57666b048777f2c953dc4456f45a2588e1cb6f2da760122d530ac2ce607d4a"),
            (300, "766cd8c2d0c2efb0359670495842dcc664728afb5fda268da3200e89f44002fd"),
        ]
    )
    func blocks(count: Int, digest: String) {
        #expect(Hexadecimal.encode(Keccak256.digest([UInt8](repeating: 0xa3, count: count))) == digest)
    }
}
