import Foundation

/// What stands at one place of the checkout and should not.
struct Violation: CustomStringConvertible, Hashable {
    let path: String
    /// Counted from 1; 1 where the whole file is meant.
    let line: Int
    let message: String

    var description: String { "\(path):\(line): \(message)" }
}

/// All text files of the project, read once and shared by all rules.
struct Checkout: Sendable {
    /// Sorted by path.
    let files: [SourceFile]
    /// Paths of all files and folders, relative to the top; the top itself is the empty path.
    let paths: Set<String>

    /// The checkout this test was compiled from.
    static let current = Checkout(readingFrom: top)

    /// A checkout that exists only in a test: text by path.
    init(_ texts: [String: String]) {
        files = texts.sorted { $0.key < $1.key }.map { SourceFile(path: $0.key, bytes: Array($0.value.utf8)) }
        paths = texts.keys.reduce(into: [""]) { paths, path in
            let parts = path.split(separator: "/")
            for count in 1...parts.count { paths.insert(parts.prefix(count).joined(separator: "/")) }
        }
    }

    private init(readingFrom top: URL) {
        let skipped: Set = [".git", ".build", ".venv", ".truvapay", ".swiftpm", "__pycache__"]
        var files: [SourceFile] = []
        var paths: Set = [""]
        let prefix = top.path().count
        let walk = FileManager.default.enumerator(at: top, includingPropertiesForKeys: [.isDirectoryKey, .isSymbolicLinkKey])
        while let url = walk?.nextObject() as? URL {
            let name = url.lastPathComponent
            let values = try? url.resourceValues(forKeys: [.isDirectoryKey])
            if values?.isDirectory == true, skipped.contains(name) || name.hasPrefix(".build-") {
                walk?.skipDescendants()
                continue
            }
            let path = String(url.path(percentEncoded: false).dropFirst(prefix)).trimmingCharacters(in: ["/"])
            paths.insert(path)
            guard values?.isDirectory != true, let data = try? Data(contentsOf: url), !data.prefix(8192).contains(0) else { continue }
            files.append(SourceFile(path: path, bytes: Array(data)))
        }
        self.files = files.sorted { $0.path < $1.path }
        self.paths = paths
    }

    private static var top: URL {
        let file = URL(filePath: #filePath).resolvingSymlinksInPath()
        return file.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    /// The Swift files below a folder.
    func swiftFiles(in folder: String) -> [SourceFile] {
        files.filter { $0.path.hasPrefix(folder + "/") && $0.path.hasSuffix(".swift") }
    }

    /// The file at a path.
    func file(_ path: String) -> SourceFile? {
        files.first { $0.path == path }
    }

    /// Names directly inside a folder, sorted.
    func names(in folder: String) -> [String] {
        let prefix = folder.isEmpty ? "" : folder + "/"
        let inside = paths.filter { $0.hasPrefix(prefix) && !$0.isEmpty }.map { $0.dropFirst(prefix.count) }
        return inside.filter { !$0.contains("/") }.map(String.init).sorted()
    }

    /// Whether the path is a folder that holds something.
    func isFolder(_ path: String) -> Bool {
        paths.contains { $0.hasPrefix(path + "/") }
    }
}
