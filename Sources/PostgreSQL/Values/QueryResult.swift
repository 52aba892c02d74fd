internal import CPostgreSQL

/// What a statement answered; owns libpq's result and frees it at its end.
// Safety: libpq never changes a result once it was handed out, reading it is thread-safe, and it is freed only in deinit.
@safe
package final class QueryResult: @unchecked Sendable {
    private let result: OpaquePointer

    /// Rows that came back.
    package let rowCount: Int
    /// Rows that were inserted, changed, deleted or selected.
    package let affectedRows: Int

    init(takingOwnershipOf result: OpaquePointer) {
        unsafe self.result = result
        rowCount = unsafe Int(PQntuples(result))
        affectedRows = unsafe PQcmdTuples(result).flatMap { unsafe Int(String(cString: $0)) } ?? 0
    }

    /// What the server says it did: `COMMIT`, `INSERT 0 5`.
    var commandTag: String {
        unsafe PQcmdStatus(result).map { unsafe String(cString: $0) } ?? ""
    }

    deinit {
        unsafe PQclear(result)
    }

    /// One row.
    package subscript(row: Int) -> Row {
        Row(result: self, index: row)
    }

    /// All rows in order.
    package var rows: [Row] {
        (0..<rowCount).map { Row(result: self, index: $0) }
    }

    func hasField(_ row: Int, _ column: Int) -> Bool {
        unsafe row >= 0 && row < rowCount && column >= 0 && column < Int(PQnfields(result))
    }

    /// Lends the bytes of a field that is there; nil for NULL.
    func withField<Value>(_ row: Int, _ column: Int, _ read: (UnsafeRawBufferPointer) -> Value) -> Value? {
        guard unsafe PQgetisnull(result, Int32(row), Int32(column)) == 0 else { return nil }
        guard let start = unsafe PQgetvalue(result, Int32(row), Int32(column)) else { return nil }
        let length = unsafe Int(PQgetlength(result, Int32(row), Int32(column)))
        return unsafe read(UnsafeRawBufferPointer(start: start, count: length))
    }

    func type(of column: Int) -> UInt32 {
        unsafe PQftype(result, Int32(column))
    }
}
