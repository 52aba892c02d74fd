import PostgreSQL
import TestSupport
import Testing

/// Arrays are sent and never read, so the server's own text of them tells whether they arrived.
@Suite("arrays on the wire")
struct ArrayTests {
    private static let arrays: [(Parameter, type: String, text: String)] = [
        (.bools([true, false]), "boolean[]", "{t,f}"),
        (.int32s([.min, 0, .max]), "integer[]", "{-2147483648,0,2147483647}"),
        (.optionalInt32s([nil, -1, nil]), "integer[]", "{NULL,-1,NULL}"),
        (.int64s([.min, 0, .max]), "bigint[]", "{-9223372036854775808,0,9223372036854775807}"),
        (.optionalInt64s([1, nil]), "bigint[]", "{1,NULL}"),
        (.texts(["", "a,b", "NULL", "฿"]), "text[]", #"{"","a,b","NULL",฿}"#),
        (.optionalTexts([nil, "", "x"]), "text[]", #"{NULL,"",x}"#),
        (.bytesArray([[], [0, 255]]), "bytea[]", #"{"\\x","\\x00ff"}"#),
        (.optionalBytesArray([nil, []]), "bytea[]", #"{NULL,"\\x"}"#),
        (.uuids([0, .max]), "uuid[]", "{00000000-0000-0000-0000-000000000000,ffffffff-ffff-ffff-ffff-ffffffffffff}"),
        (.optionalUUIDs([1, nil]), "uuid[]", "{00000000-0000-0000-0000-000000000001,NULL}"),
        (.timestamps([0, 1]), "timestamp with time zone[]", #"{"1970-01-01 00:00:00+00","1970-01-01 00:00:00.000001+00"}"#),
        (.optionalTimestamps([nil, 946_684_800_000_000]), "timestamp with time zone[]", #"{NULL,"2000-01-01 00:00:00+00"}"#),
        (.numerics([0, -10_000, 100_010_000]), "numeric[]", "{0,-10000,100010000}"),
        (.optionalNumerics([nil, 5, nil]), "numeric[]", "{NULL,5,NULL}"),
        (.jsonbs(["{}", #"{"a": [1]}"#]), "jsonb[]", #"{"{}","{\"a\": [1]}"}"#),
        (.optionalJSONBs([nil, "null"]), "jsonb[]", #"{NULL,"null"}"#),
    ]

    private static let empties: [(Parameter, type: String, text: String)] = [
        (.bools([]), "boolean[]", "{}"), (.int32s([]), "integer[]", "{}"), (.optionalInt32s([]), "integer[]", "{}"),
        (.int64s([]), "bigint[]", "{}"), (.optionalInt64s([]), "bigint[]", "{}"), (.texts([]), "text[]", "{}"),
        (.optionalTexts([]), "text[]", "{}"), (.bytesArray([]), "bytea[]", "{}"), (.optionalBytesArray([]), "bytea[]", "{}"),
        (.uuids([]), "uuid[]", "{}"), (.optionalUUIDs([]), "uuid[]", "{}"), (.timestamps([]), "timestamp with time zone[]", "{}"),
        (.optionalTimestamps([]), "timestamp with time zone[]", "{}"), (.numerics([]), "numeric[]", "{}"),
        (.optionalNumerics([]), "numeric[]", "{}"), (.jsonbs([]), "jsonb[]", "{}"), (.optionalJSONBs([]), "jsonb[]", "{}"),
    ]

    @Test("arrive as what they are, empty ones and those with NULLs too", arguments: arrays + empties)
    func arrive(parameter: Parameter, type: String, text: String) async throws {
        let row = try await Asking.row("SELECT $1::text, pg_typeof($1)::text, cardinality($1)", parameter)
        #expect(try row.text(0) == text)
        #expect(try row.text(1) == type)
        #expect(try row.int32(2) == (text == "{}" ? 0 : Int32(text.unescapedCommas + 1)))
    }

    @Test("of 100,000 texts each is at its place")
    func large() async throws {
        let values = (0..<100_000).map { "value \($0)" }
        let sql = "SELECT count(*) FROM unnest($1) WITH ORDINALITY AS u(v, n) WHERE v = 'value ' || (n - 1)"
        #expect(try await Asking.row(sql, .texts(values)).int64(0) == 100_000)
    }
}

extension String {
    /// Commas between the elements of an array's text, that is outside quotes.
    fileprivate var unescapedCommas: Int {
        var isQuoted = false
        var isEscaped = false
        var count = 0
        for character in self {
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == ",", !isQuoted {
                count += 1
            }
        }
        return count
    }
}
