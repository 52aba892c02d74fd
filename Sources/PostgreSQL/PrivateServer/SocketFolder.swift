import Foundation
import Glibc

/// Where the server's socket lies: beside the data, or in a short place when that path is too long for a socket or libpq could not name it.
enum SocketFolder {
    /// A socket's path has 107 bytes at most (unix(7)), of which `/.s.PGSQL.5432` takes 14.
    private static let pathBytesMax = 85

    /// Finds or makes the folder; only its owner and root may enter it.
    ///
    /// - Throws: `PostgresServerError` with code `folderUnusable`.
    static func find(_ configuration: PostgresServerConfiguration, _ programs: ServerPrograms) async throws(PostgresServerError) -> String {
        let near = configuration.folder + "/socket"
        // For libpq a comma separates hosts.
        if near.utf8.count <= pathBytesMax && !near.contains(",") { return try await make(near, programs) }
        let note = configuration.folder + "/socket-folder"
        if let known = try? String(contentsOfFile: note, encoding: .utf8), isOurs(known, programs) { return known }
        let short = try await make("/tmp/truvapay-\(UUID().uuidString.prefix(8).lowercased())", programs)
        guard (try? short.write(toFile: note, atomically: true, encoding: .utf8)) != nil else {
            throw PostgresServerError(.folderUnusable, "\(note) cannot be written")
        }
        return short
    }

    private static func make(_ path: String, _ programs: ServerPrograms) async throws(PostgresServerError) -> String {
        let isMade = unsafe mkdir(path, 0o700) == 0
        guard isMade || isOurs(path, programs) else {
            throw PostgresServerError(.folderUnusable, "\(path) cannot be made, or it belongs to somebody else: remove it")
        }
        try await programs.hand(over: path)
        return path
    }

    /// Everybody may make folders in /tmp; who may enter this one may do anything with the database.
    private static func isOurs(_ path: String, _ programs: ServerPrograms) -> Bool {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return false }
        let owner = attributes[.ownerAccountName] as? String
        let isOwned = owner == programs.user || (attributes[.ownerAccountID] as? NSNumber)?.uint32Value == geteuid()
        let mode = (attributes[.posixPermissions] as? NSNumber)?.uint32Value
        return isOwned && mode == 0o700 && attributes[.type] as? FileAttributeType == .typeDirectory
    }
}
