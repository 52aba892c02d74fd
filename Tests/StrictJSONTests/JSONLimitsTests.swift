import StrictJSON
import Testing

@Suite("bounds on a text")
struct JSONLimitsTests {
    private func nested(_ levels: Int) -> [UInt8] {
        Array(repeating: UInt8(ascii: "["), count: levels) + Array(repeating: UInt8(ascii: "]"), count: levels)
    }

    @Test("our own callers may nest 64 levels and providers 128", arguments: [(JSONPolicy.strict, 64), (.provider, 128)])
    func depth(policy: JSONPolicy, limit: Int) throws {
        _ = try JSONValue.parse(nested(limit), policy: policy)
        #expect(throws: JSONError(.tooDeep, at: limit)) { try JSONValue.parse(nested(limit + 1), policy: policy) }
    }

    @Test("levels are counted open, not in total")
    func siblings() throws {
        let text = "[" + Array(repeating: "[{}]", count: 200).joined(separator: ",") + "]"
        #expect(try JSONValue.parse(text, limits: JSONLimits(depth: 3)).array?.count == 200)
        #expect(throws: JSONError(.tooDeep, at: 2)) { try JSONValue.parse(text, limits: JSONLimits(depth: 2)) }
    }

    @Test("a hundred thousand levels are refused at once", arguments: ["[", #"{"a":"#, "[{\"a\":"])
    func hostileDepth(opening: String) {
        let text = String(repeating: opening, count: 100_000)
        let time = shortest { #expect(throws: JSONError.self) { try JSONValue.parse(text) } }
        #expect(time < .milliseconds(500))
    }

    /// The shortest of ten times, for a busy machine holds up any one of them.
    private func shortest(_ work: () -> Void) -> Duration {
        (0..<10).map { _ in ContinuousClock().measure(work) }.min() ?? .zero
    }

    @Test("the depth limit is capped, so that the stack holds")
    func cappedDepth() throws {
        let limits = JSONLimits(depth: .max)
        _ = try JSONValue.parse(nested(512), limits: limits)
        #expect(throws: JSONError(.tooDeep, at: 512)) { try JSONValue.parse(nested(513), limits: limits) }
    }

    @Test("nine megabytes are refused before they are read")
    func size() throws {
        let text = Array("\"".utf8) + Array(repeating: UInt8(ascii: "a"), count: 9_000_000) + Array("\"".utf8)
        let time = shortest { #expect(throws: JSONError(.tooLarge, at: 1 << 20)) { try JSONValue.parse(text) } }
        #expect(time < .milliseconds(10))
        #expect(try JSONValue.parse(text, limits: JSONLimits(bytes: 9_000_002)).string?.utf8.count == 9_000_000)
    }

    @Test("the largest allowed text is read, one byte more is not")
    func sizeBoundary() throws {
        #expect(try JSONValue.parse("[1]", limits: JSONLimits(bytes: 3)) == [1])
        #expect(throws: JSONError(.tooLarge, at: 3)) { try JSONValue.parse("[12]", limits: JSONLimits(bytes: 3)) }
    }

    @Test("members and elements are counted for each object and array")
    func counts() throws {
        let limits = JSONLimits(members: 2, elements: 2)
        #expect(try JSONValue.parse(#"[{"a":1,"b":2},[1,2]]"#, limits: limits).array?.count == 2)
        #expect(throws: JSONError(.tooManyMembers, at: 13)) { try JSONValue.parse(#"{"a":1,"b":2,"c":3}"#, limits: limits) }
        #expect(throws: JSONError(.tooManyElements, at: 5)) { try JSONValue.parse("[1,2,3]", limits: limits) }
    }

    @Test("a hundred thousand members cost no more than their number")
    func manyMembers() throws {
        let text = "{" + (0..<100_000).map { "\"member \($0)\":0" }.joined(separator: ",") + "}"
        let limits = JSONLimits(bytes: 1 << 22, members: 100_000)
        var value = JSONValue.null
        let time = try ContinuousClock().measure { value = try JSONValue.parse(text, limits: limits) }
        #expect(value.object?.count == 100_000)
        #expect(time < .seconds(60))
    }

    @Test("a duplicate is found in an object of thousands of members")
    func largeObject() throws {
        let names = (0..<4096).map { "\"member \($0)\":0" }
        #expect(try JSONValue.parse("{" + names.joined(separator: ",") + "}").object?.count == 4096)
        for repeated in [0, 63, 64, 65, 4094] {
            var text = names
            text[4095] = names[repeated]
            let error = #expect(throws: JSONError.self) { try JSONValue.parse("{" + text.joined(separator: ",") + "}") }
            #expect(error?.code == .duplicateMember)
        }
    }
}
