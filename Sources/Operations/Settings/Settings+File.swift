import Foundation

extension Settings {
    /// Why a file with a setting cannot be used.
    package enum FileError: Error, Sendable, Equatable {
        /// It holds more bytes than any setting needs.
        case tooLarge
        /// Its bytes are not UTF-8.
        case notText
    }

    /// Reads a file that a `NAME_FILE` variable names; at most 64 KiB of strict UTF-8.
    ///
    /// - Throws: ``FileError``, or Foundation's error when the file cannot be opened.
    package static func readFile(path: String) throws -> String {
        let bytesMax = 65_536
        let handle = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? handle.close() }
        let content = try handle.read(upToCount: bytesMax + 1) ?? Data()
        guard content.count <= bytesMax else { throw FileError.tooLarge }
        guard let text = String(validating: content, as: UTF8.self) else { throw FileError.notText }
        return text
    }
}
