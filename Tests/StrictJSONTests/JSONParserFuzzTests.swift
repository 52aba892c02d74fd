import StrictJSON
import Testing

@Suite("the reader under damaged texts")
struct JSONParserFuzzTests {
    @Test("an event cut at any byte is refused as ending too early", arguments: StripeEventSample.allCases)
    func truncation(sample: StripeEventSample) throws {
        var bytes = try sample.bytes()
        while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        _ = try JSONValue.parse(bytes)
        for length in 0..<bytes.count {
            #expect(throws: JSONError(.unexpectedEnd, at: length)) { try JSONValue.parse(bytes[..<length]) }
        }
    }

    @Test("two hundred thousand mutations never crash, and what is read survives writing and reading again")
    func mutations() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("JSONParserFuzzTests.mutations seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let samples = try StripeEventSample.allCases.map { try $0.bytes() }
        var accepted = 0
        for _ in 0..<200_000 {
            // Whole events now and then only: they are a hundred times longer.
            let candidates = UInt8.random(in: 0..<16, using: &generator) == 0 ? samples : handWritten
            var bytes = candidates[Int.random(in: candidates.indices, using: &generator)]
            mutate(&bytes, using: &generator)
            let policy: JSONPolicy = Bool.random(using: &generator) ? .strict : .provider
            guard let value = try? JSONValue.parse(bytes, policy: policy) else { continue }
            accepted += 1
            #expect(try JSONValue.parse(value.serialized(), policy: policy) == value, "seed \(seed)")
            #expect(
                try JSONValue.parse(value.serializedSorted(), policy: policy).serializedSorted() == value.serializedSorted(),
                "seed \(seed)"
            )
        }
        #expect((1_000..<199_000).contains(accepted), "the mutations are too mild or too wild: \(accepted) accepted, seed \(seed)")
    }

    @Test("random bytes never crash the reader")
    func noise() {
        let seed = UInt64.random(in: .min ... .max)
        print("JSONParserFuzzTests.noise seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<50_000 {
            let bytes = (0..<Int.random(in: 0..<24, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            if let value = try? JSONValue.parse(bytes, policy: .provider) {
                #expect((try? JSONValue.parse(value.serialized(), policy: .provider)) == value, "seed \(seed)")
            }
        }
    }

    private func mutate(_ bytes: inout [UInt8], using generator: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            guard !bytes.isEmpty else { return }
            let position = Int.random(in: bytes.indices, using: &generator)
            switch UInt8.random(in: 0..<6, using: &generator) {
            case 0: bytes[position] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 2: bytes.remove(at: position)
            case 3: bytes.insert(grammarBytes[Int.random(in: grammarBytes.indices, using: &generator)], at: position)
            case 4: bytes[position] = grammarBytes[Int.random(in: grammarBytes.indices, using: &generator)]
            default: bytes.append(contentsOf: bytes[position..<min(position + 8, bytes.count)])
            }
        }
    }
}

private let grammarBytes = Array(#"{}[],:"\ue0-1.9+tfn/ "#.utf8) + [0x00, 0x0A, 0x80, 0xC3, 0xE0, 0xED, 0xF0, 0xFF]

private let handWritten: [[UInt8]] = [
    #"{"id":"ch_1","amount":-12.50e+3,"live":true,"note":null,"tags":["a","b\n\u0e14"],"nested":{"a":{"b":[[],{}]}}}"#,
    #"["\ud83d\ude00","\\\"\/\b\f\n\r\t","สลากดี",0,-0,1e5,123456789012345678901234567890]"#,
    #""plain""#, "[[[[[[1]]]]]]", #"{"":{"":{"":""}}}"#, "12345", #" { "a" : [ 1 , 2 ] } "#,
].map { Array($0.utf8) }
