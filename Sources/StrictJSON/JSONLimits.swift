/// Bounds on one text, so that a hostile body costs little before it is refused.
package struct JSONLimits: Sendable, Hashable {
    /// How many arrays and objects may enclose one another.
    package let depth: Int
    /// How many bytes the whole text may have.
    package let bytes: Int
    /// How many members one object may have.
    package let members: Int
    /// How many elements one array may have.
    package let elements: Int

    /// Sets the bounds; `depth` is capped at 512 because the parser recurses once a level.
    package init(depth: Int = 64, bytes: Int = 1 << 20, members: Int = 4096, elements: Int = 100_000) {
        self.depth = min(depth, 512)
        self.bytes = bytes
        self.members = members
        self.elements = elements
    }
}
