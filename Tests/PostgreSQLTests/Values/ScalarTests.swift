import Foundation
import PostgreSQL
import TestSupport
import Testing

/// Each value comes back, and the server's own text of it shows that it was not only mirrored.
@Suite("values on the wire")
struct ScalarTests {
    @Test("booleans", arguments: [true, false])
    func booleans(value: Bool) async throws {
        let row = try await Asking.row("SELECT $1, $1::text", .bool(value))
        #expect(try row.bool(0) == value)
        #expect(try row.text(1) == "\(value)")
    }

    @Test("32-bit integers", arguments: [Int32.min, -1, 0, 1, 256, .max])
    func int32(value: Int32) async throws {
        let row = try await Asking.row("SELECT $1, $1::text", .int32(value))
        #expect(try row.int32(0) == value)
        #expect(try row.text(1) == "\(value)")
    }

    @Test("64-bit integers", arguments: [Int64.min, Int64(Int32.min) - 1, -1, 0, 1, 1 << 40, .max])
    func int64(value: Int64) async throws {
        let row = try await Asking.row("SELECT $1, $1::text", .int64(value))
        #expect(try row.int64(0) == value)
        #expect(try row.text(1) == "\(value)")
    }

    @Test(
        "texts keep each byte",
        arguments: ["", " ", "it's \"quoted\"\n\\", "ค่าบริการ ฿1,250.50", "👩🏽‍🚀🇹🇭", "e\u{301} is not é", "\u{10FFFF}"]
    )
    func texts(value: String) async throws {
        let row = try await Asking.row("SELECT $1, encode(convert_to($1, 'UTF8'), 'hex')", .text(value))
        #expect(try Array(row.text(0).utf8) == Array(value.utf8))
        #expect(try row.text(1) == hex(Array(value.utf8)))
    }

    @Test("bytes", arguments: [[], [0], Array(0...255), Array(repeating: 0, count: 100_000)] as [[UInt8]])
    func bytes(value: [UInt8]) async throws {
        let row = try await Asking.row("SELECT $1, encode($1, 'hex')", .bytes(value))
        #expect(try row.bytes(0) == value)
        #expect(try row.text(1) == hex(value))
    }

    @Test("UUIDs", arguments: [UInt128.min, 1, 0x0199_0e7a_1b2c_7d3e_8f40_5162_7384_95a6, .max])
    func uuids(value: UInt128) async throws {
        let row = try await Asking.row("SELECT $1, replace($1::text, '-', '')", .uuid(value))
        #expect(try row.uuid(0) == value)
        #expect(try UInt128(row.text(1), radix: 16) == value)
    }

    @Test(
        "instants",
        arguments: [
            (0, "1970-01-01 00:00:00.000000"), (1, "1970-01-01 00:00:00.000001"), (-1, "1969-12-31 23:59:59.999999"),
            (946_684_800_000_000, "2000-01-01 00:00:00.000000"), (946_684_799_999_999, "1999-12-31 23:59:59.999999"),
            (1_795_460_000_123_456, "2026-11-23 18:53:20.123456"), (253_402_300_799_999_999, "9999-12-31 23:59:59.999999"),
            (-62_135_596_800_000_000, "0001-01-01 00:00:00.000000"),
        ] as [(Int64, String)]
    )
    func timestamps(value: Int64, text: String) async throws {
        let row = try await Asking.row("SELECT $1, to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')", .timestamp(value))
        #expect(try row.timestamp(0) == value)
        #expect(try row.text(1) == text)
    }

    @Test("the last instant that is counted")
    func lastTimestamp() async throws {
        let row = try await Asking.row("SELECT $1, ($1 AT TIME ZONE 'UTC')::text", .timestamp(.max))
        #expect(try row.timestamp(0) == .max)
        #expect(try row.text(1) == "294247-01-10 04:00:54.775807")
    }

    @Test("JSON", arguments: [#"{}"#, #"[1, null, "฿"]"#, #""text""#, #"{"a": {"b": [true, 1e10]}}"#])
    func json(value: String) async throws {
        let row = try await Asking.row("SELECT $1, $1 = $2::text::jsonb, $1::text", .jsonb(value), .text(value))
        #expect(try row.bool(1))
        #expect(try row.jsonb(0) == row.text(2))
    }

    @Test("NULL is nil to the readers that allow it")
    func null() async throws {
        let sql = """
            SELECT NULL::boolean, NULL::integer, NULL::bigint, NULL::text, NULL::bytea, NULL::uuid, NULL::timestamptz, NULL::numeric,
                NULL::jsonb, $1::text
            """
        let row = try await Asking.row(sql, .null)
        #expect(try row.optionalBool(0) == nil && row.optionalInt32(1) == nil && row.optionalInt64(2) == nil)
        #expect(try row.optionalText(3) == nil && row.optionalBytes(4) == nil && row.optionalUUID(5) == nil)
        #expect(try row.optionalTimestamp(6) == nil && row.optionalNumeric(7) == nil && row.optionalJSONB(8) == nil)
        #expect(try row.optionalText(9) == nil)
    }

    @Test("an optional value is the value or NULL")
    func optional() async throws {
        let row = try await Asking.row("SELECT $1, $2", .optional(7) { .int64($0) }, .optional(Int64?.none) { .int64($0) })
        #expect(try row.int64(0) == 7)
        #expect(try row.optionalText(1) == nil)
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
