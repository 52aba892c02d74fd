import Foundation

/// Files of the repository, for tests.
package enum Fixture {
    /// The repository's folder.
    package static let root: String = {
        var place = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while !FileManager.default.fileExists(atPath: place.appendingPathComponent("Package.swift").path), place.path != "/" {
            place.deleteLastPathComponent()
        }
        return place.path
    }()

    /// A file's bytes, by its path in the repository.
    package static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: root + "/" + path)))
    }

    /// A file's text, by its path in the repository.
    package static func text(_ path: String) throws -> String {
        String(decoding: try bytes(path), as: UTF8.self)
    }

    /// The files of a folder in the repository whose names end so.
    package static func files(_ folder: String, suffix: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root + "/" + folder).filter { $0.hasSuffix(suffix) }.sorted()
    }
}
