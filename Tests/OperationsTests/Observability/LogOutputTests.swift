import Foundation
import Testing

@testable import Operations

/// A file that takes log lines and gives them back.
struct LogFile: ~Copyable {
    let path: String
    let descriptor: CInt
    let output: LogOutput

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "log-" + UUID().uuidString).path()
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        try #require(descriptor >= 0)
        output = LogOutput(descriptor: descriptor)
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    var lines: [String] {
        get throws { try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init) }
    }
}

@Suite("Log output")
struct LogOutputTests {
    @Test("lines of many threads stay whole")
    func concurrentLines() async throws {
        let file = try LogFile()
        let output = file.output
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask { @concurrent in
                    for number in 0..<200 { output.write(line: "\(writer):\(number):" + String(repeating: "x", count: number * 30)) }
                }
            }
        }
        let lines = try file.lines
        #expect(lines.count == 1600)
        for line in lines {
            let parts = line.split(separator: ":", omittingEmptySubsequences: false)
            #expect(parts.count == 3 && parts[2].count == (Int(parts[1]) ?? -1) * 30)
        }
        #expect(output.lostLineCount == 0)
    }

    @Test("a descriptor that cannot be written to loses lines and counts them")
    func closedDescriptor() throws {
        let descriptor = open("/dev/null", O_RDONLY)
        defer { close(descriptor) }
        let output = LogOutput(descriptor: descriptor)
        output.write(line: "lost")
        output.write(line: "lost too")
        #expect(output.lostLineCount == 2)
    }

    @Test("a full pipe that nobody reads loses lines after a bounded time, and a reader gets whole lines")
    func fullPipe() throws {
        var ends: [CInt] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { ends.forEach { close($0) } }
        try #require(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
        let output = LogOutput(descriptor: ends[1])
        let line = String(repeating: "y", count: 4000)
        while output.lostLineCount == 0 { output.write(line: line) }
        var buffer = [UInt8](repeating: 0, count: 4001)
        #expect(read(ends[0], &buffer, buffer.count) == 4001)
        #expect(buffer.last == UInt8(ascii: "\n"))
    }
}
