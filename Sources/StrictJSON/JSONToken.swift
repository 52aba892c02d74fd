/// One value or name of a text that was read, and where it stands.
///
/// The tokens of a text follow each other in reading order: those inside an array or object come right after it, and an object's names
/// and values by turns.
struct JSONToken {
    enum Kind: UInt8 {
        case null
        case `true`
        case `false`
        case number
        /// A string that stands in the text as it is: ASCII without escapes.
        case plainString
        /// Any other string; it was decoded while it was checked.
        case decodedString
        case array
        case object
    }

    let kind: Kind
    /// The first byte of a number or of a plain string's content; the place of a decoded string among those; 0 otherwise.
    let start: UInt32
    /// How many bytes that is; the elements or members of an array or object.
    var count: UInt32 = 0
    /// The place of the token after this one and all inside it.
    var next: UInt32

    /// Begins the token that has a place.
    init(_ kind: Kind, start: Int = 0, count: Int = 0, place: Int) {
        self.kind = kind
        self.start = UInt32(truncatingIfNeeded: start)
        self.count = UInt32(truncatingIfNeeded: count)
        next = UInt32(truncatingIfNeeded: place + 1)
    }
}
