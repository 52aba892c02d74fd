import Foundation
import StrictJSON
import TestSupport

/// An order core that only listens and keeps what it hears as it came; written in Python, so that it shares nothing with ours.
struct NotificationReceiver {
    /// Where each delivery lies as a file.
    let folder: TemporaryFolder
    private let program: ChildProcess

    /// Listens in place of the sample order core of `stage`.
    static func start(for stage: Stage) async throws -> NotificationReceiver {
        let folder = try TemporaryFolder()
        let program = try PythonEnvironment.start(
            PythonEnvironment.script("notification_receiver"),
            arguments: ["\(stage.ports.orderCore)", folder.path]
        )
        guard try await program.line(containing: "listening") != nil else {
            throw StageError("the receiver does not listen: \(program.lines.suffix(5))")
        }
        return NotificationReceiver(folder: folder, program: program)
    }

    /// Ends it and forgets what it heard.
    func end() {
        program.send(SIGKILL)
        folder.remove()
    }

    /// The bodies that have come so far, oldest first.
    func bodies() throws -> [JSONValue] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }.sorted()
        return try names.map { name in
            let delivery = try JSONValue.parse(Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + name))))
            return try JSONValue.parse(Array((delivery["body"]?.string ?? "").utf8))
        }
    }

    /// The types told of a charge, in the order in which they came.
    func types(of id: String?) throws -> [String] {
        try bodies().filter { $0["data"]?["charge"]?["id"]?.string == id }.compactMap { $0["type"]?.string }
    }

    /// Waits until a charge was told of in these types, in order.
    func heard(_ id: String?, _ types: [String], within limit: Duration = .seconds(120)) async throws -> Bool {
        try await waitUntil(limit) { try self.types(of: id) == types }
    }
}
