import Foundation

/// A random generator that can be repeated: SplitMix64.
package struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    /// Begins at a seed.
    package init(seed: UInt64) {
        state = seed
    }

    /// Begins at the seed in `TRUVAPAY_TEST_SEED`, or at a fresh one, and prints it.
    package static func printed(_ name: String) -> SeededRandom {
        let given = ProcessInfo.processInfo.environment["TRUVAPAY_TEST_SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: 0...UInt64.max)
        FileHandle.standardError.write(Data("seed of \(name): \(seed)\n".utf8))
        return SeededRandom(seed: seed)
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Every order of some things.
package func permutations<Element>(of elements: [Element]) -> [[Element]] {
    guard elements.count > 1 else { return [elements] }
    return elements.indices.flatMap { index -> [[Element]] in
        var rest = elements
        let first = rest.remove(at: index)
        return permutations(of: rest).map { [first] + $0 }
    }
}

/// Waits until a condition holds; false when the time ran out.
package func waitUntil(_ limit: Duration, _ condition: () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now.advanced(by: limit)
    while ContinuousClock.now < deadline {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(20))
    }
    return try await condition()
}
