/// Values one after another in a form that nothing else can have: numbers big-endian, texts and optional values behind their length.
///
/// Migration 0005 builds the same form in SQL; what it holds is told in `docs/ledger.md`.
struct CanonicalBytes {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// Begins again with the same memory.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func append(_ number: some FixedWidthInteger) {
        var bigEndian = number.bigEndian
        withUnsafeBytes(of: &bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(raw other: [UInt8]) {
        bytes.append(contentsOf: other)
    }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            append(Int32(utf8.count))
            bytes.append(contentsOf: utf8)
        }
    }

    /// An absent value has the length -1.
    mutating func append(optional text: String?) {
        if let text { append(text) } else { append(Int32(-1)) }
    }

    mutating func append<Number: FixedWidthInteger>(optional number: Number?) {
        guard let number else { return append(Int32(-1)) }
        append(Int32(Number.bitWidth / 8))
        append(number)
    }
}
