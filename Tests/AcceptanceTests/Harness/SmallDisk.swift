import Foundation
import Glibc
import TestSupport

/// A small file system of its own in memory, which only root may make.
final class SmallDisk: Sendable {
    let path: String
    private var filler: String { path + "/filler" }

    /// Whether this process may mount one.
    static let isAvailable: Bool = {
        guard geteuid() == 0, let disk = try? SmallDisk(megabytes: 1) else { return false }
        disk.remove()
        return true
    }()

    /// Mounts an empty one.
    init(megabytes: Int) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("small-disk-\(UUID().uuidString)").path
        // The private server's user has to be let in.
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m,mode=755") == 0 else {
            rmdir(path)
            throw StageError("no file system could be mounted: \(String(cString: strerror(errno)))")
        }
    }

    /// Takes all the room that is left.
    func fill() {
        let descriptor = open(filler, O_CREAT | O_WRONLY | O_APPEND, 0o600)
        defer { close(descriptor) }
        let zeros = [UInt8](repeating: 0, count: 4096)
        while write(descriptor, zeros, zeros.count) > 0 {}
    }

    /// Gives back what was taken.
    func makeRoom() {
        unlink(filler)
    }

    /// Unmounts it, though programs may still use it.
    func remove() {
        umount2(path, Int32(MNT_DETACH))
        rmdir(path)
    }
}
