import Foundation
import Glibc

/// Where an export goes: standard output, or a file that appears under its name only when it is whole.
final class ExportOutput: Sendable {
    private let handle: FileHandle
    private let path: String?
    /// The file while it is not whole; nil where there is nothing to rename.
    private let draft: String?

    /// Opens a file, or standard output when there is no path.
    init(path: String?) throws {
        guard let path else {
            (handle, self.path, draft) = (.standardOutput, nil, nil)
            return
        }
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let type = try? FileManager.default.attributesOfItem(atPath: target)[.type] as? FileAttributeType
        // A pipe or a device is written to and never replaced.
        let isFile = type == nil || type == .typeRegular
        let draft = isFile ? target + ".partial" : nil
        if let draft, !FileManager.default.createFile(atPath: draft, contents: nil) { throw Refusal("\(path) could not be written") }
        guard let handle = FileHandle(forWritingAtPath: draft ?? target) else { throw Refusal("\(path) could not be written") }
        (self.handle, self.path, self.draft) = (handle, target, draft)
    }

    /// Writes a piece.
    func write(_ text: String) throws {
        do {
            try handle.write(contentsOf: Data(text.utf8))
        } catch {
            throw Refusal("\(path ?? "standard output") could not be written")
        }
    }

    /// Gives the file its name.
    func finish() throws {
        guard let draft, let path else { return }
        do { try handle.synchronize() } catch { throw Refusal("\(path) could not be written") }
        guard rename(draft, path) == 0 else { throw Refusal("\(path) could not be written") }
    }

    /// Removes what is not whole.
    func discard() {
        if let draft { unlink(draft) }
    }
}
