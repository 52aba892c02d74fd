/// Reads values in PostgreSQL's binary form.
enum WireReader {
    /// A big-endian integer of exactly its own width.
    static func integer<Integer: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer) -> Integer? {
        guard bytes.count == Integer.bitWidth / 8 else { return nil }
        var value: Integer = 0
        for index in 0..<bytes.count {
            value = unsafe value << 8 | Integer(truncatingIfNeeded: bytes[index])
        }
        return value
    }

    /// Microseconds since 1970; nil for the instants before and after all others.
    static func timestamp(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        guard let value: Int64 = unsafe integer(bytes), value != WireEpoch.minusInfinity, value != WireEpoch.infinity else { return nil }
        let (microseconds, isTooLate) = value.addingReportingOverflow(WireEpoch.microseconds)
        return isTooLate ? nil : microseconds
    }

    /// A `numeric` that is a whole number of at most 128 bits.
    static func numeric(_ bytes: UnsafeRawBufferPointer) -> Int128? {
        guard bytes.count >= 8, let digitCount = unsafe int16(bytes, 0), let weight = unsafe int16(bytes, 2),
            let sign = unsafe int16(bytes, 4), sign == 0 || sign == 0x4000, bytes.count == 8 + 2 * Int(digitCount)
        else { return nil }
        var value: Int128 = 0
        for position in 0...max(Int(weight), Int(digitCount) - 1, 0) {
            let digit = position < Int(digitCount) ? unsafe int16(bytes, 8 + 2 * position) ?? 0 : 0
            guard position <= Int(weight) else {
                // Digits behind the point are tolerated only when they are zeros.
                guard digit == 0 else { return nil }
                continue
            }
            let (shifted, overflowInShift) = value.multipliedReportingOverflow(by: 10_000)
            let (sum, overflowInSum) =
                sign == 0 ? shifted.addingReportingOverflow(Int128(digit)) : shifted.subtractingReportingOverflow(Int128(digit))
            guard !overflowInShift, !overflowInSum else { return nil }
            value = sum
        }
        return value
    }

    private static func int16(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int16? {
        guard offset + 2 <= bytes.count else { return nil }
        return unsafe Int16(bitPattern: UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1]))
    }
}
