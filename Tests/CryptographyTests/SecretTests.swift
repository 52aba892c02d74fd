import Cryptography
import Testing

@Suite("secrets")
struct SecretTests {
    private static let canary = "sk_live_canary"
    private static let canaryBytes = Array(canary.utf8)

    private struct Configuration {
        let name = "stripe"
        let key = SecretText(SecretTests.canary)
        let optional: SecretText? = SecretText(SecretTests.canary)
        let secret = SecretBytes(SecretTests.canaryBytes)
        let signingKey = HMACKey(SecretTests.canaryBytes)
        let list = [SecretText(SecretTests.canary)]
        let table = ["current": SecretBytes(SecretTests.canaryBytes)]
    }

    /// Every way Swift turns a value into text.
    private func renderings(of value: Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        let reflected = Mirror(reflecting: value).children.map { "\($0.label ?? ""): \($0.value) \(String(reflecting: $0.value))" }
        return [String(describing: value), String(reflecting: value), "\(value)", dumped] + reflected
    }

    @Test("a secret prints as stars, however it is printed")
    func stars() {
        for value in [SecretText(Self.canary), SecretBytes(Self.canaryBytes), HMACKey(Self.canaryBytes)] as [Any] {
            #expect(String(describing: value) == "***")
            #expect(String(reflecting: value) == "***")
            #expect("\(value)" == "***")
            #expect(Mirror(reflecting: value).children.isEmpty)
        }
    }

    @Test("a secret inside other values prints neither its text nor its bytes")
    func nested() {
        let bytesAsList = Self.canaryBytes.prefix(4).map(String.init).joined(separator: ", ")
        let configuration = Configuration()
        for value in [configuration, Optional(configuration) as Any, [configuration], (configuration.key, configuration.secret)] as [Any] {
            for rendering in renderings(of: value) {
                #expect(!rendering.contains("canary"))
                #expect(!rendering.contains(bytesAsList))
            }
        }
        #expect(renderings(of: configuration)[0].contains("stripe"))
        #expect(renderings(of: configuration)[0].contains("***"))
    }

    @Test("a secret is reached only by asking for it")
    func exposed() {
        #expect(SecretText(Self.canary).exposed == Self.canary)
        #expect(SecretText("สลาก").exposed == "สลาก")
        #expect(SecretBytes(Self.canaryBytes).exposed == Self.canaryBytes)
        #expect(SecretBytes(Self.canaryBytes).withBytes { Array($0) } == Self.canaryBytes)
        #expect(SecretBytes([]).withBytes { $0.count } == 0)
        #expect(SecretText("").isEmpty)
        #expect(!SecretText(" ").isEmpty)
    }

    @Test("secrets are equal when their bytes are")
    func equality() {
        #expect(SecretText(Self.canary) == SecretText(Self.canary))
        #expect(SecretText(Self.canary) != SecretText(Self.canary + "x"))
        #expect(SecretBytes([1, 2]) != SecretBytes([1, 3]))
        #expect(SecretBytes([]) == SecretBytes([]))
    }

    @Test("an error thrown while a secret is lent comes through")
    func errorComesThrough() {
        #expect(throws: CancellationError.self) {
            try SecretBytes([1]).withBytes { _ in throw CancellationError() }
        }
    }
}
