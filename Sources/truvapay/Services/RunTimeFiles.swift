import Foundation

/// The files that travel with the program: `providers/` and `contracts/`.
enum RunTimeFiles {
    /// The bytes of a file, by its path in the repository.
    ///
    /// Looked for in the folder that `TRUVAPAY_FILES` names, beside the program and above it, and in the working folder.
    ///
    /// - Throws: `Refusal` that names the places.
    static func contents(_ path: String) throws -> [UInt8] {
        for folder in folders {
            if let data = FileManager.default.contents(atPath: folder + "/" + path) { return Array(data) }
        }
        throw Refusal("\(path) was not found in \(folders.joined(separator: ", "))")
    }

    private static var folders: [String] {
        var folders: [String] = []
        if let named = ProcessInfo.processInfo.environment["TRUVAPAY_FILES"] { folders.append(named) }
        var place = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<5 where place.path != "/" {
            folders.append(place.path)
            place.deleteLastPathComponent()
        }
        return folders + [FileManager.default.currentDirectoryPath]
    }
}
