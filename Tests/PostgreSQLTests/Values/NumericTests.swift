import PostgreSQL
import TestSupport
import Testing

@Suite("numerics as whole numbers of 128 bits")
struct NumericTests {
    private static let largest = Int128("99999999999999999999999999999999999999") ?? 0

    @Test(
        "come back with both signs",
        arguments: [
            0, 1, 9, 9_999, 10_000, 10_001, 99_990_000, 100_000_000, 1_000_000_000_001, Int128(Int64.max) + 1,
            12_345_678_901_234_567_890_123_456_789_012_345_678, largest - 1, largest, Int128.max,
        ]
    )
    func edges(magnitude: Int128) async throws {
        for value in [magnitude, -magnitude] {
            let row = try await Asking.row("SELECT $1, $1::text", .numeric(value))
            #expect(try row.numeric(0) == value)
            #expect(try row.text(1) == "\(value)")
        }
    }

    @Test("the smallest comes back too")
    func smallest() async throws {
        let row = try await Asking.row("SELECT $1, $1::text", .numeric(.min))
        #expect(try row.numeric(0) == Int128.min)
        #expect(try row.text(1) == "\(Int128.min)")
    }

    @Test("2,000 numbers of any length come back")
    func random() async throws {
        var random = SeededRandom.printed("numerics")
        let values = (0..<2000).map { _ in Int128.random(in: .min ... .max, using: &random) >> Int128.random(in: 0..<127, using: &random) }
        let result = try await Asking.result("SELECT v, v::text FROM unnest($1) WITH ORDINALITY AS u(v, n) ORDER BY n", .numerics(values))
        #expect(try result.rows.map { try $0.numeric(0) } == values)
        #expect(try result.rows.map { try $0.text(1) } == values.map { "\($0)" })
    }

    @Test(
        "zeros behind the point are no fraction",
        arguments: [("12.000", 12), ("-7.0", -7), ("0.00", 0), ("1e20", 100_000_000_000_000_000_000)]
    )
    func zerosBehindPoint(text: String, value: Int128) async throws {
        #expect(try await Asking.row("SELECT \(text)::numeric").numeric(0) == value)
    }

    @Test(
        "what is no whole number of 128 bits is an error",
        arguments: [
            "1.5", "-0.0001", "0.00000001", "99999.9999", "'NaN'", "'Infinity'", "'-Infinity'", "1e39", "-1e39", "1e1000",
            "170141183460469231731687303715884105728", "-170141183460469231731687303715884105729",
        ]
    )
    func refused(text: String) async throws {
        let row = try await Asking.row("SELECT \(text)::numeric")
        let error = #expect(throws: PostgresError.self) { try row.numeric(0) }
        #expect(error?.code == .decoding)
    }
}
