/// An unsigned integer of 128 bits that is kept as two words of 64.
///
/// Every stored property of 128 bits that a value carries through asynchronous functions is kept so. On x86-64 Swift 6.3.1 hands values of
/// such functions over on the stack, and where one of them has an alignment of 16 bytes, caller and callee disagree about how much of the
/// stack that takes: an optimised build then jumps to nowhere. Two words have an alignment of 8.
@propertyWrapper
package struct TwoWords: Sendable, Hashable {
    @usableFromInline let high: UInt64
    @usableFromInline let low: UInt64

    /// Keeps `wrappedValue`.
    @inlinable
    package init(wrappedValue: UInt128) {
        high = UInt64(truncatingIfNeeded: wrappedValue >> 64)
        low = UInt64(truncatingIfNeeded: wrappedValue)
    }

    /// The whole integer.
    @inlinable package var wrappedValue: UInt128 {
        get { UInt128(high) << 64 | UInt128(low) }
        set { self = TwoWords(wrappedValue: newValue) }
    }
}

/// A signed integer of 128 bits that is kept as two words of 64, for the reason that `TwoWords` tells.
@propertyWrapper
package struct SignedTwoWords: Sendable, Hashable {
    @usableFromInline let high: Int64
    @usableFromInline let low: UInt64

    /// Keeps `wrappedValue`.
    @inlinable
    package init(wrappedValue: Int128) {
        high = Int64(truncatingIfNeeded: wrappedValue >> 64)
        low = UInt64(truncatingIfNeeded: wrappedValue)
    }

    /// The whole integer.
    @inlinable package var wrappedValue: Int128 {
        get { Int128(high) << 64 | Int128(low) }
        set { self = SignedTwoWords(wrappedValue: newValue) }
    }
}
