/// Values by 128-bit keys, in a few flat arrays: what verification looks up millions of times a second.
///
/// Open addressing with linear probing; a removal moves the followers up, so there are no markers and lookups stay short.
struct IdentifierTable<Value> {
    private var keys: [UInt128]
    private var values: [Value?]
    private let seed = UInt64.random(in: 0...UInt64.max)
    private var mask: Int
    private(set) var count = 0

    /// Has room for some at the beginning.
    init(capacity: Int = 1024) {
        let size = max(16, capacity * 2).nextPowerOfTwo
        keys = Array(repeating: 0, count: size)
        values = Array(repeating: nil, count: size)
        mask = size - 1
    }

    private func home(of key: UInt128) -> Int {
        // The seed is chance, so that nobody can choose keys that collide.
        let mixed = (UInt64(truncatingIfNeeded: key) ^ seed).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15 ^ UInt64(key >> 64))
        return Int(truncatingIfNeeded: mixed.high ^ mixed.low) & mask
    }

    /// Where the key is, or the free place where it would be.
    private func place(of key: UInt128) -> Int {
        var index = home(of: key)
        while values[index] != nil, keys[index] != key { index = (index + 1) & mask }
        return index
    }

    /// The value of a key.
    subscript(key: UInt128) -> Value? { values[place(of: key)] }

    /// Whether there is a value.
    func contains(_ key: UInt128) -> Bool { values[place(of: key)] != nil }

    /// Sets a value.
    mutating func insert(_ value: Value, for key: UInt128) {
        if (count + 1) * 2 > keys.count { grow() }
        let index = place(of: key)
        if values[index] == nil { count += 1 }
        keys[index] = key
        values[index] = value
    }

    /// Takes a value out.
    mutating func remove(_ key: UInt128) -> Value? {
        var free = place(of: key)
        guard let value = values[free] else { return nil }
        values[free] = nil
        count -= 1
        var next = (free + 1) & mask
        while values[next] != nil {
            // A follower moves up unless its home lies behind the free place.
            if (next - home(of: keys[next])) & mask >= (next - free) & mask {
                keys[free] = keys[next]
                values.swapAt(free, next)
                free = next
            }
            next = (next + 1) & mask
        }
        return value
    }

    /// All keys with their values, in no order.
    var all: [(key: UInt128, value: Value)] {
        zip(keys, values).compactMap { key, value in value.map { (key, $0) } }
    }

    private mutating func grow() {
        let old = (keys, values)
        self.keys = Array(repeating: 0, count: old.0.count * 2)
        self.values = Array(repeating: nil, count: old.0.count * 2)
        mask = keys.count - 1
        for (key, value) in zip(old.0, old.1) {
            guard let value else { continue }
            let index = place(of: key)
            keys[index] = key
            values[index] = value
        }
    }
}

extension Int {
    fileprivate var nextPowerOfTwo: Int { 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
