import StrictJSON
import Testing

@Suite("the strict reader of RFC 8259")
struct JSONParserTests {
    @Test("a text of the grammar is read", arguments: validTexts)
    func accepts(text: String, expected: JSONValue) throws {
        #expect(try JSONValue.parse(text) == expected)
        #expect(try JSONValue.parse(text, policy: .provider) == expected)
    }

    @Test(
        "a number is read to its last digit",
        arguments: ["-0", "1.5", "1.0", "0.00", "1e2", "1E+2", "-0.1e-07", "123456789012345678901234567890", "1e99999"]
    )
    func numbers(text: String) throws {
        #expect(try JSONValue.parse(text).number?.text == text)
        #expect(try JSONValue.parse("[\(text) , \(text)]").array?.map(\.number?.text) == [text, text])
    }

    @Test("a text outside the grammar is refused with its fault and place", arguments: invalidTexts)
    func refuses(text: String, code: JSONError.Code, offset: Int) {
        #expect(throws: JSONError(code, at: offset)) { try JSONValue.parse(text) }
        #expect(throws: JSONError(code, at: offset)) { try JSONValue.parse(text, policy: .provider) }
    }

    @Test("bytes that are not UTF-8 are refused where they begin", arguments: invalidBytes)
    func refusesBytes(bytes: [UInt8], code: JSONError.Code, offset: Int) {
        #expect(throws: JSONError(code, at: offset)) { try JSONValue.parse(bytes) }
        #expect(throws: JSONError(code, at: offset)) { try JSONValue.parse(bytes, policy: .provider) }
    }

    @Test("an escaped NUL is refused from callers and replaced from providers, in names too")
    func escapedNUL() throws {
        #expect(throws: JSONError(.nulCharacter, at: 7)) { try JSONValue.parse(#"{"a":"b\u0000c"}"#) }
        #expect(try JSONValue.parse(#"{"a":"b\u0000c"}"#, policy: .provider)["a"] == "b\u{FFFD}c")
        #expect(throws: JSONError(.nulCharacter, at: 2)) { try JSONValue.parse(#"{"\u0000":1}"#) }
        #expect(throws: JSONError(.duplicateMember, at: 12)) {
            try JSONValue.parse(#"{"\u0000":1,"\uFFFD":2}"#, policy: .provider)
        }
    }

    @Test("every way to hand over bytes reads the same")
    func entryPoints() throws {
        let text = #" {"amount": [1, 2]} "#
        let bytes = Array(text.utf8)
        let expected: JSONValue = ["amount": [1, 2]]
        #expect(try JSONValue.parse(bytes) == expected)
        #expect(try JSONValue.parse(bytes[...]) == expected)
        #expect(try JSONValue.parse(bytes.span) == expected)
        #expect(try bytes.withUnsafeBufferPointer { try JSONValue.parse($0) } == expected)
        #expect(try JSONValue.parse(bytes[1..<(bytes.count - 1)]) == expected)
        #expect(throws: JSONError(.unexpectedEnd, at: 3)) { try JSONValue.parse(bytes[1..<4]) }
    }

    @Test("the description names the place and never the content")
    func description() {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(#"{"cardholder":"Somchai" x"#) }
        #expect(error?.description == "JSON refused: unexpectedCharacter at byte 24")
    }
}

private let validTexts: [(String, JSONValue)] = [
    ("null", .null), ("true", true), ("false", false), (" \n\r\t null \n\r\t ", .null),
    ("0", 0), ("7", 7), ("-12", -12), ("9223372036854775807", 9_223_372_036_854_775_807),
    (#""""#, ""), (#""plain""#, "plain"), (#""a/b""#, "a/b"), (#""a\/b""#, "a/b"), (#""\"\\\b\f\n\r\t""#, "\"\\\u{8}\u{C}\n\r\t"),
    (#""\u0041\u00e9\u00E9""#, "Aéé"), (#""\u0e2a\u0e25\u0e32\u0e01""#, "สลาก"), (#""\ud83d\ude00""#, "😀"), (#""\uD83D\uDE00x""#, "😀x"),
    (#""\uFFFF\uFFFE""#, "\u{FFFF}\u{FFFE}"), (#""\u0001\u001f""#, "\u{1}\u{1F}"), ("\"\u{7F}\"", "\u{7F}"),
    ("\"\u{2028}\u{2029}\"", "\u{2028}\u{2029}"),
    (#""สลากดี""#, "สลากดี"), ("\"\u{10FFFF}\"", "\u{10FFFF}"), (#""ด\nี😀\u0e14""#, "ด\nี😀ด"),
    (#""\\u0000""#, #"\u0000"#), (#""a long plain string beyond fifteen bytes""#, "a long plain string beyond fifteen bytes"),
    ("[]", []), ("[ ]", []), ("[1]", [1]), ("[ 1 , 2 ]", [1, 2]), ("[[],{}]", [[], [:]]), ("[null,true,false]", [.null, true, false]),
    ("{}", [:]), ("{ }", [:]), (#"{"a":1}"#, ["a": 1]), (#"{ "a" : 1 , "b" : [ ] }"#, ["a": 1, "b": []]), (#"{"":0}"#, ["": 0]),
    (#"{"a":{"a":{"a":1}}}"#, ["a": ["a": ["a": 1]]]), (#"{"a":1,"A":2}"#, ["a": 1, "A": 2]), (#"{"a\u0062":1}"#, ["ab": 1]),
    (#"[{"a":1},{"a":2}]"#, [["a": 1], ["a": 2]]),
]

private let invalidTexts: [(String, JSONError.Code, Int)] = [
    ("", .unexpectedEnd, 0), (" ", .unexpectedEnd, 1), ("\u{FEFF}{}", .byteOrderMark, 0), (" \u{FEFF}{}", .unexpectedCharacter, 1),
    ("{}x", .trailingCharacters, 2), ("1 2", .trailingCharacters, 2), ("[]]", .trailingCharacters, 2), ("nullnull", .trailingCharacters, 4),
    ("\u{0}", .nulCharacter, 0), ("{}\u{0}", .nulCharacter, 2), ("[1,\u{0}]", .nulCharacter, 3), ("\"a\u{0}\"", .nulCharacter, 2),
    ("nul", .unexpectedEnd, 3), ("nulL", .unexpectedCharacter, 3), ("True", .unexpectedCharacter, 0), ("NaN", .unexpectedCharacter, 0),
    ("Infinity", .unexpectedCharacter, 0), ("-Infinity", .invalidNumber, 1), ("undefined", .unexpectedCharacter, 0),
    ("01", .invalidNumber, 1), ("-01", .invalidNumber, 2), ("00", .invalidNumber, 1), ("1.", .unexpectedEnd, 2),
    ("[1.]", .invalidNumber, 3),
    (".5", .unexpectedCharacter, 0), ("-.5", .invalidNumber, 1), ("-", .unexpectedEnd, 1), ("--1", .invalidNumber, 1),
    ("+1", .unexpectedCharacter, 0), ("1e", .unexpectedEnd, 2), ("[1e]", .invalidNumber, 3), ("1e+", .unexpectedEnd, 3),
    ("[1e+-1]", .invalidNumber, 4),
    ("1.e1", .invalidNumber, 2), ("0x10", .trailingCharacters, 1), ("1_000", .trailingCharacters, 1), ("1,5", .trailingCharacters, 1),
    ("１", .unexpectedCharacter, 0), ("[1.2.3]", .unexpectedCharacter, 4), ("0e", .unexpectedEnd, 2), ("[٣]", .unexpectedCharacter, 1),
    (#"""#, .unexpectedEnd, 1), (#""a"#, .unexpectedEnd, 2), ("'a'", .unexpectedCharacter, 0), ("a", .unexpectedCharacter, 0),
    ("\"a\nb\"", .controlCharacter, 2), ("\"\t\"", .controlCharacter, 1), ("\"\u{1F}\"", .controlCharacter, 1),
    ("\"\\n\u{1}\"", .controlCharacter, 3), ("\"\\n\u{0}\"", .nulCharacter, 3),
    (#""\x41""#, .invalidEscape, 1), (#""\'""#, .invalidEscape, 1), (#""a\U0041""#, .invalidEscape, 2), (#""\u00g0""#, .invalidEscape, 1),
    (#""\u 041""#, .invalidEscape, 1), (#""\u+041""#, .invalidEscape, 1), (#""\u12""#, .invalidEscape, 1), (#""\"#, .unexpectedEnd, 2),
    (#""\u00"#, .unexpectedEnd, 5), (#""\n"#, .unexpectedEnd, 3), ("\"\\\n\"", .invalidEscape, 1),
    (#""\ud83d""#, .loneSurrogate, 1), (#""\ude00""#, .loneSurrogate, 1), (#""\ude00\ud83d""#, .loneSurrogate, 1),
    (#""\ud83dx""#, .loneSurrogate, 1), (#""\ud83d\n""#, .loneSurrogate, 1), (#""\ud83d\ud83d\ude00""#, .loneSurrogate, 1),
    (#""\ud83d\u0041""#, .loneSurrogate, 1), (#""\ud83d\ude0g""#, .invalidEscape, 7), (#""\ud83d"#, .unexpectedEnd, 7),
    (#""\ud83d\"#, .unexpectedEnd, 8),
    ("[", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3), ("[1,]", .trailingComma, 2),
    ("[1 , ]", .trailingComma, 3),
    ("[,1]", .unexpectedCharacter, 1), ("[,]", .unexpectedCharacter, 1), ("[1,,2]", .unexpectedCharacter, 3),
    ("[1 2]", .unexpectedCharacter, 3),
    ("[1}", .unexpectedCharacter, 2), ("]", .unexpectedCharacter, 0), ("[1:2]", .unexpectedCharacter, 2),
    (#"["a":1]"#, .unexpectedCharacter, 4),
    ("{", .unexpectedEnd, 1), (#"{"a""#, .unexpectedEnd, 4), (#"{"a":"#, .unexpectedEnd, 5), (#"{"a":1"#, .unexpectedEnd, 6),
    (#"{"a":1,}"#, .trailingComma, 6), ("{,}", .unexpectedCharacter, 1), (#"{"a":1,,"b":2}"#, .unexpectedCharacter, 7),
    (#"{"a"}"#, .unexpectedCharacter, 4),
    (#"{"a" 1}"#, .unexpectedCharacter, 5), (#"{"a":}"#, .unexpectedCharacter, 5), (#"{"a"::1}"#, .unexpectedCharacter, 5),
    ("{a:1}", .unexpectedCharacter, 1),
    ("{1:1}", .unexpectedCharacter, 1), ("{null:1}", .unexpectedCharacter, 1), ("{'a':1}", .unexpectedCharacter, 1),
    (#"{"a":1]"#, .unexpectedCharacter, 6),
    (#"{"a":1,"a":1}"#, .duplicateMember, 7), (#"{"a":1,"b":2,"\u0061":3}"#, .duplicateMember, 13),
    (#"{"b":{"a":1,"a":2}}"#, .duplicateMember, 12),
    ("{\"\u{E9}\":1,\"e\u{301}\":2}", .duplicateMember, 8),
    ("/* note */ {}", .unexpectedCharacter, 0), ("{} // note", .trailingCharacters, 3), ("# note", .unexpectedCharacter, 0),
    ("\u{A0}1", .unexpectedCharacter, 0),
    ("\u{B}1", .unexpectedCharacter, 0), ("\u{C}1", .unexpectedCharacter, 0), ("[1\u{2028}]", .unexpectedCharacter, 2),
    ("<a/>", .unexpectedCharacter, 0),
]

private let invalidBytes: [([UInt8], JSONError.Code, Int)] = [
    ([0x22, 0xFF, 0x22], .invalidUTF8, 1),
    ([0x22, 0x61, 0x80, 0x22], .invalidUTF8, 2),
    ([0x22, 0xFF, 0x61, 0x22], .invalidUTF8, 1),
    ([0x22, 0xE0, 0xB8, 0xAA, 0x80, 0x61, 0x22], .invalidUTF8, 4),
    ([0x22, 0xC3, 0x22], .invalidUTF8, 1),
    ([0x22, 0xC0, 0x80, 0x22], .invalidUTF8, 1),
    ([0x22, 0xC1, 0xBF, 0x22], .invalidUTF8, 1),
    ([0x22, 0xE0, 0x80, 0x80, 0x22], .invalidUTF8, 1),
    ([0x22, 0xE0, 0xB8, 0x22], .invalidUTF8, 1),
    ([0x22, 0xED, 0xA0, 0x80, 0x22], .invalidUTF8, 1),
    ([0x22, 0xF0, 0x80, 0x80, 0x80, 0x22], .invalidUTF8, 1),
    ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], .invalidUTF8, 1),
    ([0x22, 0xF8, 0x88, 0x80, 0x80, 0x80, 0x22], .invalidUTF8, 1),
    ([0x22, 0xE0, 0xB8, 0xAA, 0xE0, 0xB8, 0x22], .invalidUTF8, 4),
    ([0x22, 0x5C, 0x6E, 0xC3, 0x5C, 0x6E, 0x22], .invalidUTF8, 3),
    ([0x22, 0xC3, 0x5C, 0x75, 0x30, 0x30, 0x38, 0x30, 0x22], .invalidUTF8, 1),
    ([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], .invalidUTF8, 2),
    ([0xFF, 0xFE, 0x31, 0x00], .unexpectedCharacter, 0),
    ([0x31, 0x00], .nulCharacter, 1),
    ([0xEF, 0xBB, 0xBF], .byteOrderMark, 0),
    ([0xEF, 0xBB], .unexpectedCharacter, 0),
]
