import Foundation
import TestSupport

/// A program of somebody else that checks books.
enum BookChecker: String, CaseIterable {
    case hledger
    case beancount

    private static let hledgerPath = "/usr/bin/hledger"

    /// The checker of beancount, beside the interpreter whose package it is.
    private static var beanCheckPath: String {
        URL(fileURLWithPath: PythonEnvironment.path).deletingLastPathComponent().appendingPathComponent("bean-check").path
    }

    /// Whether both are installed; `scripts/test.sh` sees to it.
    static var areAvailable: Bool {
        [hledgerPath, beanCheckPath].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// What the checker has against a book; nil when it accepts it.
    func complaint(about book: String) async throws -> String? {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let file = "\(folder.path)/book.\(rawValue)"
        try Data(book.utf8).write(to: URL(fileURLWithPath: file))
        let child =
            switch self {
            // Under another locale hledger cannot read what is not ASCII.
            case .hledger:
                try ChildProcess(
                    BookChecker.hledgerPath,
                    ["-f", file, "check", "-s", "ordereddates"],
                    environment: ["LC_ALL": "C.UTF-8"]
                )
            case .beancount: try ChildProcess(BookChecker.beanCheckPath, ["--no-cache", file])
            }
        let status = try await child.end(within: .seconds(120))
        guard status != 0 else { return nil }
        return "status \(status ?? -1): " + child.lines.joined(separator: "\n")
    }
}

extension Stage {
    /// What a checker has against the books as they are exported; nil when it accepts them.
    func complaint(of checker: BookChecker) async throws -> String? {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let options = ["ledger", "export", "--format", checker.rawValue, "--output", folder.path + "/book"]
        let child = try ChildProcess(Stage.program, options, environment: environment)
        guard try await child.end() == 0 else { return "not exported: \(child.lines)" }
        return try await checker.complaint(about: String(contentsOfFile: folder.path + "/book", encoding: .utf8))
    }
}
