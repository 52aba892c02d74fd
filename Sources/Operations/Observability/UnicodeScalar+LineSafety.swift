extension Unicode.Scalar {
    /// Whether this could end, hide or reorder a line of text that is shown to people or read by programs.
    ///
    /// Control characters (C0, DEL, C1), U+2028, U+2029 and the bidirectional marks, embeddings, overrides and isolates.
    /// OWASP ASVS 5.0, 16.4.1: log data is encoded to prevent injection.
    var isUnsafeInLine: Bool {
        switch value {
        case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
