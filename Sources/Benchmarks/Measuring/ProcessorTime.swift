import Foundation

/// Processor time as the kernel counts it, in hundredths of a second, for whole processes.
enum ProcessorTime {
    private static let microsecondsPerTick = 10_000

    /// Microseconds that a process, its living children and those it has waited for have used.
    static func ofFamily(_ process: Int32) -> Int {
        let children = (try? String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)) ?? ""
        return children.split(separator: " ").compactMap { Int32($0) }.reduce(ofProcessAndEnded(process)) { $0 + ofProcessAndEnded($1) }
    }

    /// Microseconds that a process and the children it has waited for have used.
    static func ofProcessAndEnded(_ process: Int32) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        // The name in parentheses may hold spaces; after it come the third field and those that follow.
        guard let name = status.lastIndex(of: ")") else { return 0 }
        let fields = status[name...].split(separator: " ").dropFirst()
        return fields.dropFirst(11).prefix(4).compactMap { Int($0) }.reduce(0, +) * microsecondsPerTick
    }

    /// Ticks of all processors since the start of the machine: all, and those that other machines of the same host took.
    static func ofMachine() -> (all: Int, stolen: Int) {
        let text = (try? String(contentsOfFile: "/proc/stat", encoding: .utf8)) ?? ""
        let ticks = text.prefix { $0 != "\n" }.split(separator: " ").dropFirst().compactMap { Int($0) }
        return (ticks.prefix(8).reduce(0, +), ticks.count > 7 ? ticks[7] : 0)
    }
}

/// The processes that take part in a measurement.
struct TakingPart: Sendable {
    /// PostgreSQL's first process.
    let server: Int32
    /// The program that is measured; nil when the benchmark itself calls what is measured.
    var program: Int32?

    /// Processor time up to now.
    func times() -> ProcessorShares {
        let own = ProcessorTime.ofProcessAndEnded(ProcessInfo.processInfo.processIdentifier)
        return ProcessorShares(
            program: program.map { ProcessorTime.ofFamily($0) } ?? own,
            server: ProcessorTime.ofFamily(server),
            load: program == nil ? 0 : own
        )
    }
}

/// Microseconds of processor time by group of processes.
struct ProcessorShares: Codable {
    /// The measured program, or the caller of the measured code.
    var program: Int
    /// All of PostgreSQL's processes.
    var server: Int
    /// The load generator, where it is not the program itself.
    var load: Int

    static func - (later: ProcessorShares, earlier: ProcessorShares) -> ProcessorShares {
        ProcessorShares(
            program: later.program - earlier.program,
            server: later.server - earlier.server,
            load: later.load - earlier.load
        )
    }

    static func + (first: ProcessorShares, second: ProcessorShares) -> ProcessorShares {
        ProcessorShares(program: first.program + second.program, server: first.server + second.server, load: first.load + second.load)
    }
}
