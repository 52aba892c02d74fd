/// Reads rows in the binary form of COPY, field by field and without copying them (PostgreSQL documentation, "COPY", "Binary Format").
///
/// It is fed with pieces of whole rows; a row that was read can be gone back to until the next piece comes.
package struct CopyRows {
    private var buffer: [UInt8] = []
    private var position = 0
    private var fields: [Field]
    private var hasHeader = false
    /// Whether the end was read.
    package private(set) var isAtEnd = false

    /// Where a field is; NULL has the length -1.
    private struct Field {
        var start = 0
        var length = -1
    }

    private static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]

    /// Reads rows of so many columns.
    package init(columnCount: Int) {
        fields = Array(repeating: Field(), count: columnCount)
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
        guard count >= 0 else {
            isAtEnd = true
            position = buffer.count
            return false
        }
        guard Int(count) == fields.count, let end = endOfFields(from: position + 2) else { throw CopyRows.malformed }
        position = end
        return true
    }

    /// Finds the fields of one row; nil when they do not end within what was fed.
    private mutating func endOfFields(from start: Int) -> Int? {
        unsafe buffer.withUnsafeBytes { bytes in
            unsafe fields.withUnsafeMutableBufferPointer { fields in
                var position = start
                for column in 0..<fields.count {
                    guard position + 4 <= bytes.count else { return nil }
                    let length = unsafe Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: Int32.self)))
                    position += 4
                    guard length >= -1, length <= bytes.count - position else { return nil }
                    unsafe fields[column] = Field(start: position, length: length)
                    position += max(length, 0)
                }
                return position
            }
        }
    }

    private mutating func readHeader() throws(PostgresError) {
        guard buffer.count >= 19, buffer.starts(with: CopyRows.signature) else { throw CopyRows.malformed }
        let length = 19 + Int(try integer(at: 15, as: Int32.self))
        guard length >= 19, length <= buffer.count else { throw CopyRows.malformed }
        // Away with it, so that nobody can go back to where it was.
        buffer.removeFirst(length)
        hasHeader = true
    }

    /// Whether a field is NULL.
    package func isNull(_ column: Int) -> Bool { fields[column].length < 0 }

    /// Adds neighbouring fields to bytes as they came: each behind its length in four bytes, big-endian, -1 for NULL.
    package func append(_ columns: ClosedRange<Int>, to bytes: inout [UInt8]) {
        let last = columns.upperBound
        bytes.append(contentsOf: buffer[fields[columns.lowerBound].start - 4..<fields[last].start + max(fields[last].length, 0)])
    }

    /// Adds the bytes of a field as they came, without their length; none for NULL.
    package func copy(_ column: Int, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: buffer[fields[column].start..<fields[column].start + max(fields[column].length, 0)])
    }

    /// A text, or nil for NULL.
    package func text(_ column: Int) -> String? {
        fields[column].length < 0
            ? nil : String(decoding: buffer[fields[column].start..<fields[column].start + fields[column].length], as: UTF8.self)
    }

    /// Whether a field holds exactly these bytes.
    package func holds(_ bytes: [UInt8], _ column: Int) -> Bool {
        let field = fields[column]
        return field.length == bytes.count && buffer[field.start..<field.start + field.length].elementsEqual(bytes)
    }

    /// A 16-bit integer.
    ///
    /// - Throws: `PostgresError` for NULL and other widths.
    package func int16(_ column: Int) throws(PostgresError) -> Int16 { try integer(column) }

    /// A 64-bit integer.
    ///
    /// - Throws: `PostgresError` for NULL and other widths.
    package func int64(_ column: Int) throws(PostgresError) -> Int64 { try integer(column) }

    private func integer<Integer: FixedWidthInteger & BitwiseCopyable>(_ column: Int) throws(PostgresError) -> Integer {
        guard fields[column].length == Integer.bitWidth / 8 else { throw CopyRows.malformed }
        return try integer(at: fields[column].start, as: Integer.self)
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
        let field = fields[column]
        let value = unsafe buffer.withUnsafeBytes { all -> Int128? in
            // Most fit a word: a header of eight bytes that says how many digits in base 10,000 follow, no sign and no fraction.
            let start = field.start
            if field.length >= 8, field.length <= 16 {
                let header = unsafe UInt64(bigEndian: all.loadUnaligned(fromByteOffset: start, as: UInt64.self))
                let (count, weight) = (Int(header >> 48), Int(header >> 32 & 0xFFFF))
                if header & 0xFFFF_FFFF == 0, weight < 4, count <= weight + 1, field.length == 8 + 2 * count {
                    var value: Int64 = 0
                    for position in 0...weight {
                        value *= 10_000
                        guard position < count else { continue }
                        let digit = unsafe all.loadUnaligned(fromByteOffset: start + 8 + 2 * position, as: UInt16.self)
                        value += Int64(UInt16(bigEndian: digit))
                    }
                    return Int128(value)
                }
            }
            return unsafe WireReader.numeric(UnsafeRawBufferPointer(rebasing: all[start..<start + max(field.length, 0)]))
        }
        guard let value else { throw CopyRows.malformed }
        return value
    }

    /// A field of exactly 32 bytes, as four words in the order of memory; nil for all others.
    package func words(_ column: Int) -> SIMD4<UInt64>? {
        guard fields[column].length == 32 else { return nil }
        return words(at: fields[column].start)
    }

    /// Tells the elements of an array in their order; a NULL has the length -1, and arrays of several dimensions have none.
    private func forEachElement(_ column: Int, _ body: (_ start: Int, _ length: Int) throws -> Void) throws {
        let (start, end) = (fields[column].start, fields[column].start + max(fields[column].length, 0))
        guard end - start >= 20, try integer(at: start, as: Int32.self) == 1 else { return }
        var position = start + 20
        let count = try integer(at: start + 12, as: Int32.self)
        for _ in 0..<max(0, count) {
            let length = Int(try integer(at: position, as: Int32.self))
            guard length >= -1, position + 4 + length <= end else { throw CopyRows.malformed }
            try body(position + 4, length)
            position += 4 + max(0, length)
        }
    }

    /// Reads an array of UUIDs into a list that is emptied before; a NULL is zero.
    ///
    /// - Throws: `PostgresError` when it is something else.
    package func uuids(_ column: Int, into list: inout [UInt128]) throws {
        list.removeAll(keepingCapacity: true)
        try forEachElement(column) { start, length in
            guard length == 16 || length < 0 else { throw CopyRows.malformed }
            list.append(try length < 0 ? 0 : integer(at: start, as: UInt128.self))
        }
    }

    /// Reads an array of 64-bit integers; a NULL is zero.
    ///
    /// - Throws: `PostgresError` when it is something else.
    package func int64s(_ column: Int) throws -> [Int64] {
        var list: [Int64] = []
        try forEachElement(column) { start, length in
            guard length == 8 || length < 0 else { throw CopyRows.malformed }
            list.append(try length < 0 ? 0 : integer(at: start, as: Int64.self))
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
