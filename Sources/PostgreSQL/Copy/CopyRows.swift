/// Reads rows in the binary form of COPY, field by field and without copying them (PostgreSQL documentation, "COPY", "Binary Format").
///
/// It is fed with pieces of whole rows; a row that was read can be gone back to until the next piece comes.
package struct CopyRows {
    private var buffer: [UInt8] = []
    private var position = 0
    private var starts: [Int]
    private var lengths: [Int]
    private var hasHeader = false
    /// Whether the end was read.
    package private(set) var isAtEnd = false

    private static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]

    /// Reads rows of so many columns.
    package init(columnCount: Int) {
        starts = Array(repeating: 0, count: columnCount)
        lengths = Array(repeating: -1, count: columnCount)
    }

    /// Adds a piece; nil says that there are no more.
    package mutating func feed(_ piece: [UInt8]?) {
        guard let piece else { return isAtEnd = true }
        buffer = position == buffer.count ? piece : Array(buffer[position...]) + piece
        position = 0
    }

    /// Where the next row begins, to `goBack` to.
    package var mark: Int { position }

    /// Makes the row that began at `mark` the next one.
    package mutating func goBack(to mark: Int) {
        position = mark
    }

    /// Moves to the next row; false when the rows that were fed are used up.
    ///
    /// - Throws: `PostgresError` when the bytes are not rows of so many columns.
    package mutating func next() throws(PostgresError) -> Bool {
        if !hasHeader, position < buffer.count { try readHeader() }
        guard position < buffer.count else { return false }
        let count = try integer(at: position, as: Int16.self)
        position += 2
        guard count >= 0 else {
            isAtEnd = true
            position = buffer.count
            return false
        }
        guard Int(count) == starts.count else { throw CopyRows.malformed }
        for column in 0..<Int(count) {
            let length = Int(try integer(at: position, as: Int32.self))
            position += 4
            starts[column] = position
            lengths[column] = length
            guard length >= -1, length <= buffer.count - position else { throw CopyRows.malformed }
            position += max(length, 0)
        }
        return true
    }

    private mutating func readHeader() throws(PostgresError) {
        guard buffer.count >= 19, buffer.starts(with: CopyRows.signature) else { throw CopyRows.malformed }
        position = 19 + Int(try integer(at: 15, as: Int32.self))
        hasHeader = true
    }

    /// Whether a field is NULL.
    package func isNull(_ column: Int) -> Bool { lengths[column] < 0 }

    /// Length of a field in bytes; zero for NULL.
    package func length(_ column: Int) -> Int { max(lengths[column], 0) }

    /// The first byte of a field; zero when there is none.
    package func firstByte(_ column: Int) -> UInt8 { lengths[column] > 0 ? buffer[starts[column]] : 0 }

    /// Adds neighbouring fields to bytes as they came: each behind its length in four bytes, big-endian, -1 for NULL.
    package func append(_ columns: ClosedRange<Int>, to bytes: inout [UInt8]) {
        let last = columns.upperBound
        bytes.append(contentsOf: buffer[starts[columns.lowerBound] - 4..<starts[last] + max(lengths[last], 0)])
    }

    /// A text, or nil for NULL.
    package func text(_ column: Int) -> String? {
        lengths[column] < 0 ? nil : String(decoding: buffer[starts[column]..<starts[column] + lengths[column]], as: UTF8.self)
    }

    /// An integer of exactly its own width.
    ///
    /// - Throws: `PostgresError` for NULL and other widths.
    package func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ column: Int,
        as type: Integer.Type = Integer.self
    ) throws(PostgresError) -> Integer {
        guard lengths[column] == Integer.bitWidth / 8 else { throw CopyRows.malformed }
        return try integer(at: starts[column], as: type)
    }

    /// A UUID.
    package func uuid(_ column: Int) throws(PostgresError) -> UInt128 { try integer(column) }

    /// Microseconds since 1970; `infinity` and `-infinity` are the largest and the smallest number.
    package func timestamp(_ column: Int) throws(PostgresError) -> Int64 {
        let value: Int64 = try integer(column)
        let (microseconds, isTooLate) = value.addingReportingOverflow(WireEpoch.microseconds)
        return value == WireEpoch.minusInfinity || isTooLate ? value : microseconds
    }

    /// A whole number that fits 128 bits.
    package func numeric(_ column: Int) throws(PostgresError) -> Int128 {
        // Most are a few digits: a header of eight bytes, of which the weight equals the count less one, and no fraction.
        let start = starts[column]
        if lengths[column] == 10, try integer(at: start, as: Int64.self) == 0x0001_0000_0000_0000 {
            return Int128(try integer(at: start + 8, as: Int16.self))
        }
        let value = unsafe buffer.withUnsafeBytes { all in
            unsafe WireReader.numeric(UnsafeRawBufferPointer(rebasing: all[start..<start + max(lengths[column], 0)]))
        }
        guard let value else { throw CopyRows.malformed }
        return value
    }

    /// A field of exactly 32 bytes, as four words in the order of memory; nil for all others.
    package func words(_ column: Int) -> SIMD4<UInt64>? {
        guard lengths[column] == 32 else { return nil }
        return words(at: starts[column])
    }

    /// Tells the elements of an array without NULLs, in their order.
    ///
    /// - Throws: `PostgresError` when it is not an array of one dimension or has a NULL.
    package func forEachElement(_ column: Int, _ body: (_ start: Int, _ length: Int) throws -> Void) throws {
        let start = starts[column]
        let end = start + max(lengths[column], 0)
        guard lengths[column] >= 12 else { throw CopyRows.malformed }
        guard try integer(at: start, as: Int32.self) == 1 else {
            guard try integer(at: start, as: Int32.self) == 0 else { throw CopyRows.malformed }
            return
        }
        var position = start + 20
        let count = try integer(at: start + 12, as: Int32.self)
        for _ in 0..<max(0, count) {
            let length = Int(try integer(at: position, as: Int32.self))
            guard length >= 0, position + 4 + length <= end else { throw CopyRows.malformed }
            try body(position + 4, length)
            position += 4 + length
        }
    }

    /// Reads an array of UUIDs into a list that is emptied before.
    ///
    /// - Throws: `PostgresError` when it is something else.
    package func uuids(_ column: Int, into list: inout [UInt128]) throws {
        list.removeAll(keepingCapacity: true)
        guard lengths[column] >= 0 else { return }
        try forEachElement(column) { start, length in
            guard length == 16 else { throw CopyRows.malformed }
            list.append(try integer(at: start, as: UInt128.self))
        }
    }

    /// Reads an array of 64-bit integers.
    ///
    /// - Throws: `PostgresError` when it is something else.
    package func int64s(_ column: Int) throws -> [Int64] {
        var list: [Int64] = []
        try forEachElement(column) { start, length in
            guard length == 8 else { throw CopyRows.malformed }
            list.append(try integer(at: start, as: Int64.self))
        }
        return list
    }

    /// Reads an array of byte strings of 32 bytes each; one of another length is nil.
    ///
    /// - Throws: `PostgresError` when it is something else.
    package func wordsArray(_ column: Int) throws -> [SIMD4<UInt64>?] {
        var list: [SIMD4<UInt64>?] = []
        try forEachElement(column) { start, length in list.append(length == 32 ? words(at: start) : nil) }
        return list
    }

    private func words(at start: Int) -> SIMD4<UInt64> {
        unsafe buffer.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: start, as: SIMD4<UInt64>.self) }
    }

    private func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        at start: Int,
        as type: Integer.Type
    ) throws(PostgresError) -> Integer {
        guard start + Integer.bitWidth / 8 <= buffer.count else { throw CopyRows.malformed }
        // The bounds were checked above; loadUnaligned itself checks them in debug builds only.
        return unsafe buffer.withUnsafeBytes { Integer(bigEndian: unsafe $0.loadUnaligned(fromByteOffset: start, as: Integer.self)) }
    }

    private static let malformed = PostgresError(.decoding, "the rows of a COPY are not what was asked for")
}
