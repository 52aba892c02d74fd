/// One row of a result; fields are read by position, with the type they were selected as.
package struct Row: Sendable {
    private let result: QueryResult
    private let index: Int

    init(result: QueryResult, index: Int) {
        self.result = result
        self.index = index
    }

    /// A Boolean, or nil for NULL.
    package func optionalBool(_ column: Int) throws(PostgresError) -> Bool? {
        try unsafe field(column, TypeNumber.bool) { unsafe $0.count == 1 ? $0[0] != 0 : nil }
    }

    /// A 32-bit integer, or nil for NULL.
    package func optionalInt32(_ column: Int) throws(PostgresError) -> Int32? {
        try unsafe field(column, TypeNumber.int32) { unsafe WireReader.integer($0) }
    }

    /// A 64-bit integer, or nil for NULL.
    package func optionalInt64(_ column: Int) throws(PostgresError) -> Int64? {
        try unsafe field(column, TypeNumber.int64) { unsafe WireReader.integer($0) }
    }

    /// A text, or nil for NULL.
    package func optionalText(_ column: Int) throws(PostgresError) -> String? {
        try unsafe field(column, TypeNumber.text) { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Raw bytes, or nil for NULL.
    package func optionalBytes(_ column: Int) throws(PostgresError) -> [UInt8]? {
        try unsafe field(column, TypeNumber.bytes) { unsafe Array($0) }
    }

    /// A UUID, or nil for NULL.
    package func optionalUUID(_ column: Int) throws(PostgresError) -> UInt128? {
        try unsafe field(column, TypeNumber.uuid) { unsafe WireReader.integer($0) }
    }

    /// Microseconds since 1970-01-01T00:00:00Z; `infinity` and `-infinity` are errors.
    package func optionalTimestamp(_ column: Int) throws(PostgresError) -> Int64? {
        try unsafe field(column, TypeNumber.timestamp) { unsafe WireReader.timestamp($0) }
    }

    /// A whole number; a fraction is an error.
    package func optionalNumeric(_ column: Int) throws(PostgresError) -> Int128? {
        try unsafe field(column, TypeNumber.numeric) { unsafe WireReader.numeric($0) }
    }

    /// JSON as text, or nil for NULL.
    package func optionalJSONB(_ column: Int) throws(PostgresError) -> String? {
        try unsafe field(column, TypeNumber.jsonb) { unsafe $0.first == 1 ? String(decoding: $0.dropFirst(), as: UTF8.self) : nil }
    }

    /// A Boolean; NULL is an error.
    package func bool(_ column: Int) throws(PostgresError) -> Bool { try required(column, try optionalBool(column)) }
    /// A 32-bit integer; NULL is an error.
    package func int32(_ column: Int) throws(PostgresError) -> Int32 { try required(column, try optionalInt32(column)) }
    /// A 64-bit integer; NULL is an error.
    package func int64(_ column: Int) throws(PostgresError) -> Int64 { try required(column, try optionalInt64(column)) }
    /// A text; NULL is an error.
    package func text(_ column: Int) throws(PostgresError) -> String { try required(column, try optionalText(column)) }
    /// Raw bytes; NULL is an error.
    package func bytes(_ column: Int) throws(PostgresError) -> [UInt8] { try required(column, try optionalBytes(column)) }
    /// A UUID; NULL is an error.
    package func uuid(_ column: Int) throws(PostgresError) -> UInt128 { try required(column, try optionalUUID(column)) }
    /// Microseconds since 1970-01-01T00:00:00Z.
    package func timestamp(_ column: Int) throws(PostgresError) -> Int64 { try required(column, try optionalTimestamp(column)) }
    /// A whole number; NULL is an error.
    package func numeric(_ column: Int) throws(PostgresError) -> Int128 { try required(column, try optionalNumeric(column)) }
    /// JSON as text; NULL is an error.
    package func jsonb(_ column: Int) throws(PostgresError) -> String { try required(column, try optionalJSONB(column)) }

    private func required<Value>(_ column: Int, _ value: Value?) throws(PostgresError) -> Value {
        guard let value else { throw PostgresError(.decoding, "column \(column) is NULL") }
        return value
    }

    private func field<Value>(
        _ column: Int,
        _ type: UInt32,
        _ read: (UnsafeRawBufferPointer) -> Value?
    ) throws(PostgresError) -> Value? {
        guard result.hasField(index, column) else { throw PostgresError(.decoding, "column \(column) of row \(index) is not there") }
        guard let value = unsafe result.withField(index, column, read) else { return nil }
        guard TypeNumber.isRead(result.type(of: column), as: type), let value else {
            throw PostgresError(.decoding, "column \(column) is not of the type it is read as")
        }
        return value
    }
}
