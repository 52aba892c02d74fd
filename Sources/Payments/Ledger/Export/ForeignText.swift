/// Free text on its way into a format whose readers give some characters a meaning.
enum ForeignText {
    /// The text on one line: control characters, line separators and marks that turn the direction of writing are spaces, and so is
    /// everything in `meaningful`.
    static func line(_ text: String, without meaningful: Set<Unicode.Scalar> = []) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            line.append(isUnprintable(scalar) || meaningful.contains(scalar) ? " " : scalar)
        }
        return String(line)
    }

    /// Whether a scalar has no place on a line that people read: it ends the line, does something to a terminal, or makes what follows
    /// look like something else (Unicode Technical Report 36, section 2.5).
    static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
        default: false
        }
    }

    /// The text in quotes, with `escape` for the scalars that may not stand there as they are.
    static func quoted(_ text: String, escape: (Unicode.Scalar) -> String?) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if let escaped = escape(scalar) {
                quoted += escaped
            } else {
                quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
