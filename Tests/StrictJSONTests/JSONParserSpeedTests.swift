import StrictJSON
import Testing

@Suite("reading speed", .serialized)
struct JSONParserSpeedTests {
    @Test("the time of reading and writing one event is reported", arguments: StripeEventSample.allCases)
    func speed(sample: StripeEventSample) throws {
        let bytes = try sample.bytes()
        let rounds = 2_000
        var total = 0
        let value = try JSONValue.parse(bytes, policy: .provider)
        let reading = try ContinuousClock().measure {
            for _ in 0..<rounds { total += try JSONValue.parse(bytes, policy: .provider).object?.count ?? 0 }
        }
        let writing = ContinuousClock().measure {
            for _ in 0..<rounds { total += value.serialized().count }
        }
        let sorting = ContinuousClock().measure {
            for _ in 0..<rounds { total += value.serializedSorted().count }
        }
        print("\(sample) \(bytes.count) bytes: read \(reading / rounds), write \(writing / rounds), write sorted \(sorting / rounds)")
        #expect(total > 3 * rounds)
    }
}
