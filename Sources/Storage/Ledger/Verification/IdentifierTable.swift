/// Values by 128-bit keys, in a few flat arrays: what verification looks up millions of times a second.
///
/// Open addressing with linear probing; a removal moves the followers up, so there are no markers and lookups stay short.
struct IdentifierTable<Value> {
    private struct Slot {
        var key: UInt128 = 0
        var value: Value?
    }

    private var slots: [Slot]
    private let seed = UInt64.random(in: 0...UInt64.max)
    private var mask: Int
    private(set) var count = 0

    /// Has room for some at the beginning.
    init(capacity: Int = 1024) {
        slots = Array(repeating: Slot(), count: max(16, capacity * 2).nextPowerOfTwo)
        mask = slots.count - 1
    }

    private func home(of key: UInt128) -> Int {
        // The seed is chance, so that nobody can choose keys that collide.
        let mixed = (UInt64(truncatingIfNeeded: key) ^ seed).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15 ^ UInt64(key >> 64))
        return Int(truncatingIfNeeded: mixed.high ^ mixed.low) & mask
    }

    /// Where the key is, or the free place where it would be.
    private func place(of key: UInt128) -> Int {
        var index = home(of: key)
        while slots[index].value != nil, slots[index].key != key { index = (index + 1) & mask }
        return index
    }

    /// The value of a key.
    subscript(key: UInt128) -> Value? { slots[place(of: key)].value }

    /// Whether there is a value.
    func contains(_ key: UInt128) -> Bool { slots[place(of: key)].value != nil }

    /// Sets a value.
    mutating func insert(_ value: Value, for key: UInt128) {
        if (count + 1) * 2 > slots.count { grow() }
        let index = place(of: key)
        if slots[index].value == nil { count += 1 }
        slots[index] = Slot(key: key, value: value)
    }

    /// Takes a value out.
    mutating func remove(_ key: UInt128) -> Value? {
        var free = place(of: key)
        guard let value = slots[free].value else { return nil }
        slots[free].value = nil
        count -= 1
        var next = (free + 1) & mask
        while slots[next].value != nil {
            // A follower moves up unless its home lies behind the free place.
            if (next - home(of: slots[next].key)) & mask >= (next - free) & mask {
                slots.swapAt(free, next)
                free = next
            }
            next = (next + 1) & mask
        }
        return value
    }

    /// All keys with their values, in no order.
    var all: [(key: UInt128, value: Value)] {
        slots.compactMap { slot in slot.value.map { (slot.key, $0) } }
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(), count: old.count * 2)
        mask = slots.count - 1
        for slot in old where slot.value != nil { slots[place(of: slot.key)] = slot }
    }
}

extension Int {
    fileprivate var nextPowerOfTwo: Int { 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
