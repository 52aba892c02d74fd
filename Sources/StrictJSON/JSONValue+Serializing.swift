extension JSONValue {
    /// The value as compact UTF-8 text, members in their own order.
    ///
    /// The same value always gives the same bytes. Only what RFC 8259 section 7 demands is escaped; `/` is not.
    package func serialized() -> [UInt8] {
        var writer = JSONWriter(sortsMembers: false)
        writer.write(self)
        return writer.bytes
    }

    /// The value as compact UTF-8 text, members sorted by the code points of their names at every level.
    ///
    /// Texts that differ only in white space, escapes or member order give the same bytes: the form to take fingerprints of.
    /// Numbers keep their spelling, so `1.0` and `1` differ.
    package func serializedSorted() -> [UInt8] {
        var writer = JSONWriter(sortsMembers: true)
        writer.write(self)
        return writer.bytes
    }

    /// ``serialized()`` as a string.
    package var text: String {
        String(decoding: serialized(), as: UTF8.self)
    }
}
