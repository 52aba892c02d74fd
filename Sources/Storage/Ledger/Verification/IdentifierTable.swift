/// Values by 128-bit keys, in a few flat arrays: what verification looks up millions of times a second.
///
/// Open addressing with linear probing; a removal moves the followers up, so there are no markers and lookups stay short. Values lie apart
/// from the keys and never move, however large they are.
struct IdentifierTable<Value> {
    /// A key with the place of its value, counted from 1; 0 where no key is.
    private struct Slot {
        var key: UInt128 = 0
        var place: Int32 = 0
    }

    private var slots: [Slot]
    private var values: ContiguousArray<Value?> = []
    /// Places of values that were removed, to be used again.
    private var free: [Int32] = []
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

    /// Where the key is, or the free slot where it would be.
    private func slot(of key: UInt128) -> Int {
        var index = home(of: key)
        while slots[index].place != 0, slots[index].key != key { index = (index + 1) & mask }
        return index
    }

    /// The value of a key.
    subscript(key: UInt128) -> Value? {
        let place = slots[slot(of: key)].place
        return place == 0 ? nil : values[Int(place) - 1]
    }

    /// How many keys were inserted before this one; nil when it is not there.
    ///
    /// Good as long as nothing is removed.
    func ordinal(of key: UInt128) -> Int32? {
        let place = slots[slot(of: key)].place
        return place == 0 ? nil : place - 1
    }

    /// Whether there is a value.
    func contains(_ key: UInt128) -> Bool { slots[slot(of: key)].place != 0 }

    /// Sets a value.
    mutating func insert(_ value: Value, for key: UInt128) {
        if (count + 1) * 2 > slots.count { grow() }
        let index = slot(of: key)
        guard slots[index].place == 0 else { return values[Int(slots[index].place) - 1] = value }
        count += 1
        if let place = free.popLast() {
            values[Int(place) - 1] = value
            slots[index] = Slot(key: key, place: place)
        } else {
            values.append(value)
            slots[index] = Slot(key: key, place: Int32(values.count))
        }
    }

    /// Takes a value out.
    mutating func remove(_ key: UInt128) -> Value? {
        var gap = slot(of: key)
        let place = slots[gap].place
        guard place != 0 else { return nil }
        let value = values[Int(place) - 1]
        values[Int(place) - 1] = nil
        free.append(place)
        count -= 1
        var next = (gap + 1) & mask
        while slots[next].place != 0 {
            // A follower moves up unless its home lies behind the gap.
            if (next - home(of: slots[next].key)) & mask >= (next - gap) & mask {
                slots[gap] = slots[next]
                gap = next
            }
            next = (next + 1) & mask
        }
        slots[gap].place = 0
        return value
    }

    /// All keys with their values, in no order.
    var all: [(key: UInt128, value: Value)] {
        slots.compactMap { slot in
            guard slot.place != 0, let value = values[Int(slot.place) - 1] else { return nil }
            return (slot.key, value)
        }
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(), count: old.count * 2)
        mask = slots.count - 1
        for slot in old where slot.place != 0 { slots[self.slot(of: slot.key)] = slot }
    }
}

extension Int {
    fileprivate var nextPowerOfTwo: Int { 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}

extension IdentifierTable: Sendable where Value: Sendable {}
