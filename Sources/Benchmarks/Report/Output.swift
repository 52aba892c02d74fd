import Foundation

/// Lines that are seen at once, wherever they go; the standard library keeps them back when that is a file.
enum Output {
    /// Writes a line of the result to standard output.
    static func line(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// Tells on standard error what is going on, for the table comes late.
    static func progress(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
