/// Builds values in PostgreSQL's binary form: big-endian, numbers in base 10,000.
struct WireBytes {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 16) {
        bytes.reserveCapacity(capacity)
    }

    mutating func append(_ value: Bool) {
        bytes.append(value ? 1 : 0)
    }

    mutating func append<Integer: FixedWidthInteger>(_ value: Integer) {
        unsafe withUnsafeBytes(of: value.bigEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func append(contentsOf other: some Sequence<UInt8>) {
        bytes.append(contentsOf: other)
    }

    /// Microseconds since 1970, which the server counts from 2000-01-01; what is too early for it, it refuses.
    mutating func append(timestamp microseconds: Int64) {
        let (value, isTooEarly) = microseconds.subtractingReportingOverflow(WireEpoch.microseconds)
        append(isTooEarly || value == WireEpoch.minusInfinity ? WireEpoch.minusInfinity + 1 : value)
    }

    /// The `jsonb` form is a version byte and the text.
    mutating func append(jsonb text: String) {
        bytes.append(1)
        bytes.append(contentsOf: text.utf8)
    }

    /// `numeric`: digit count, weight of the first digit, sign, scale, digits in base 10,000.
    mutating func append(numeric value: Int128) {
        if let word = UInt64(exactly: value) { return append(numeric: word) }
        var digits: [Int16] = []
        var rest = value.magnitude
        while rest > 0 {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10_000)
            digits.append(Int16(digit))
            rest = quotient
        }
        let weight = digits.count - 1
        let trailingZeros = digits.prefix { $0 == 0 }.count
        digits.removeFirst(trailingZeros)
        append(Int16(digits.count))
        append(Int16(max(weight, 0)))
        append(value < 0 ? Int16(0x4000) : 0)
        append(Int16(0))
        for digit in digits.reversed() { append(digit) }
    }

    /// Most amounts fit a word, and cost a tenth then.
    private mutating func append(numeric value: UInt64) {
        var digits = SIMD8<Int16>()
        var (count, zeros, rest) = (0, 0, value)
        while rest > 0 {
            digits[count] = Int16(rest % 10_000)
            rest /= 10_000
            count += 1
        }
        while zeros < count, digits[zeros] == 0 { zeros += 1 }
        append(Int16(count - zeros))
        append(Int16(max(count - 1, 0)))
        // Neither a sign nor digits behind the point.
        append(Int32(0))
        for index in stride(from: count - 1, through: zeros, by: -1) { append(digits[index]) }
    }

    /// Appends what `body` appends, with its length in front.
    mutating func appendSized(_ body: (inout WireBytes) -> Void) {
        let start = bytes.count
        append(Int32(0))
        body(&self)
        let length = UInt32(bytes.count - start - 4)
        for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: length >> (24 - 8 * index)) }
    }
}

/// The instant from which the server counts.
enum WireEpoch {
    /// 2000-01-01T00:00:00Z in microseconds since 1970.
    static let microseconds: Int64 = 946_684_800_000_000
    /// What the server writes for `-infinity` and `infinity`.
    static let minusInfinity = Int64.min
    static let infinity = Int64.max
}
