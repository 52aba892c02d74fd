import Foundation

/// What the program's end says.
enum ExitStatus {
    static let done: Int32 = 0
    /// It was refused, or a problem was found.
    static let refused: Int32 = 1
    /// The command line or the environment is wrong.
    static let usage: Int32 = 2
}

/// A command's own reason to end otherwise than well.
struct Refusal: Error, CustomStringConvertible {
    let description: String
    let status: Int32

    /// Ends with `status`, by default "refused or found a problem".
    init(_ description: String, status: Int32 = ExitStatus.refused) {
        self.description = description
        self.status = status
    }
}

/// Lines for people, apart from a command's result.
enum StandardError {
    static func write(_ line: String, end: String = "\n") {
        FileHandle.standardError.write(Data((line + end).utf8))
    }
}
