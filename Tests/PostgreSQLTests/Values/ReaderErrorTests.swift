import PostgreSQL
import TestSupport
import Testing

@Suite("readers given something else")
struct ReaderErrorTests {
    /// A reader by the type it reads; says whether it had a value.
    struct Reader: Sendable, CustomTestStringConvertible {
        let type: String
        let required: @Sendable (Row, Int) throws -> Void
        let optional: @Sendable (Row, Int) throws -> Bool

        var testDescription: String { type }
    }

    private static let readers = [
        Reader(type: "boolean", required: { _ = try $0.bool($1) }, optional: { try $0.optionalBool($1) != nil }),
        Reader(type: "integer", required: { _ = try $0.int32($1) }, optional: { try $0.optionalInt32($1) != nil }),
        Reader(type: "bigint", required: { _ = try $0.int64($1) }, optional: { try $0.optionalInt64($1) != nil }),
        Reader(type: "text", required: { _ = try $0.text($1) }, optional: { try $0.optionalText($1) != nil }),
        Reader(type: "bytea", required: { _ = try $0.bytes($1) }, optional: { try $0.optionalBytes($1) != nil }),
        Reader(type: "uuid", required: { _ = try $0.uuid($1) }, optional: { try $0.optionalUUID($1) != nil }),
        Reader(type: "timestamptz", required: { _ = try $0.timestamp($1) }, optional: { try $0.optionalTimestamp($1) != nil }),
        Reader(type: "numeric", required: { _ = try $0.numeric($1) }, optional: { try $0.optionalNumeric($1) != nil }),
        Reader(type: "jsonb", required: { _ = try $0.jsonb($1) }, optional: { try $0.optionalJSONB($1) != nil }),
    ]

    private static let values = [
        "boolean": "true", "integer": "1", "bigint": "1", "text": "'1'", "bytea": "'12345678'", "timestamptz": "'2026-01-01'",
        "numeric": "1",
        "uuid": "'00000000-0000-0000-0000-000000000001'", "jsonb": "'1'", "double precision": "1", "smallint": "1", "bigint[]": "'{1}'",
        "date": "'2026-01-01'", "interval": "'1 s'", "timestamp": "'2026-01-01'",
    ]

    @Test("refuse each other type, and name the column", arguments: readers)
    func otherTypes(reader: Reader) async throws {
        for (type, value) in Self.values {
            let row = try await Asking.row("SELECT 0, CAST(\(value) AS \(type))")
            if type == reader.type {
                try reader.required(row, 1)
                #expect(try reader.optional(row, 1))
                continue
            }
            for read in [reader.required, { _ = try reader.optional($0, $1) }] {
                let error = #expect(throws: PostgresError.self, "\(type) read as \(reader.type)") { try read(row, 1) }
                #expect(error?.code == .decoding)
                #expect(error?.description.contains("column 1") == true)
            }
        }
    }

    @Test("refuse NULL when there must be a value", arguments: readers)
    func null(reader: Reader) async throws {
        let row = try await Asking.row("SELECT NULL::\(reader.type)")
        let error = #expect(throws: PostgresError.self) { try reader.required(row, 0) }
        #expect(error?.code == .decoding)
        #expect(error?.description.contains("column 0 is NULL") == true)
        #expect(try !reader.optional(row, 0))
    }

    @Test("refuse a column or a row that is not there", arguments: readers)
    func missing(reader: Reader) async throws {
        let result = try await Asking.result("SELECT NULL::\(reader.type)")
        for (row, column) in [(0, 1), (0, -1), (1, 0), (-1, 0)] {
            for read in [reader.required, { _ = try reader.optional($0, $1) }] {
                let error = #expect(throws: PostgresError.self, "row \(row), column \(column)") { try read(result[row], column) }
                #expect(error?.code == .decoding)
                #expect(error?.description.contains("not there") == true)
            }
        }
    }

    @Test("read every kind of text as text", arguments: ["text", "varchar", "char(3)", "name", "json"])
    func textLike(type: String) async throws {
        #expect(try await Asking.row("SELECT CAST('123' AS \(type))").text(0) == "123")
    }

    @Test("refuse the instants before and after all others", arguments: ["infinity", "-infinity"])
    func infinity(text: String) async throws {
        let row = try await Asking.row("SELECT '\(text)'::timestamptz")
        let error = #expect(throws: PostgresError.self) { try row.timestamp(0) }
        #expect(error?.code == .decoding)
    }

    @Test(
        "the server refuses what it cannot store",
        arguments: [
            (.timestamp(.min), "22008"), (.timestamp(Int64.min + 946_684_800_000_000), "22008"),
            (.text("a\0b"), "22021"), (.texts(["\0"]), "22021"), (.jsonb("{"), "22P02"), (.jsonb(""), "22P02"),
            (.jsonbs(["1", "no"]), "22P02"),
        ] as [(Parameter, String)]
    )
    func refusedByServer(parameter: Parameter, state: String) async throws {
        let error = await #expect(throws: PostgresError.self) { try await Asking.row("SELECT $1::text", parameter) }
        #expect(error?.code == .server)
        #expect(error?.sqlState == state)
        #expect(error?.statementName == "asked")
    }
}
