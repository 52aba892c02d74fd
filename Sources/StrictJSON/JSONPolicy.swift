/// Which texts are accepted, beyond the grammar of RFC 8259 that both policies enforce.
///
/// Both refuse duplicate members (RFC 8259 section 4 leaves their meaning open, and money must not hang on a reader's choice), a byte
/// order mark, lone surrogates, invalid UTF-8 and trailing commas.
package enum JSONPolicy: Sendable, Hashable {
    /// What callers of our own interface may send: `\u0000` is refused, for no column of the database can hold it.
    case strict
    /// What payment providers may send: `\u0000` becomes U+FFFD, since an event about money must not be lost over a cardholder's name.
    case provider

    /// The limits used when the caller gives none.
    package var defaultLimits: JSONLimits {
        switch self {
        case .strict: JSONLimits()
        case .provider: JSONLimits(depth: 128)
        }
    }
}
