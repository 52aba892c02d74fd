import Foundation

/// What the kernel says about this process, for the standard `process_*` metrics.
package struct ProcessStatistics: Sendable, Equatable {
    /// User and system time spent, in seconds.
    package let cpuSeconds: Double
    /// Memory held in RAM.
    package let residentBytes: Int
    /// Address space used.
    package let virtualBytes: Int
    /// When the process started, in seconds since 1970.
    package let startSeconds: Double
    /// File descriptors in use.
    package let openDescriptors: Int
    /// File descriptors allowed.
    package let maximumDescriptors: Int

    /// Units of the kernel's tables.
    struct Units: Sendable {
        /// Clock ticks in a second.
        let ticksPerSecond: Int
        /// Bytes in a page of memory.
        let pageBytes: Int
    }

    /// Reads the kernel's tables; nothing where there is no `/proc`.
    package static func read() -> ProcessStatistics? {
        guard
            let process = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let system = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
            let limits = try? String(contentsOfFile: "/proc/self/limits", encoding: .utf8),
            let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        else { return nil }
        let units = Units(ticksPerSecond: sysconf(CInt(_SC_CLK_TCK)), pageBytes: sysconf(CInt(_SC_PAGESIZE)))
        // Reading the folder opens one descriptor more.
        return ProcessStatistics(process: process, system: system, limits: limits, openDescriptors: descriptors.count - 1, units: units)
    }

    /// Reads the texts of `/proc/self/stat`, `/proc/stat` and `/proc/self/limits`.
    ///
    /// proc(5): fields 14 and 15 of `stat` are user and system time in ticks, 22 the start in ticks after boot, 23 the address space in
    /// bytes, 24 the resident pages; field 2, the name in parentheses, may itself hold spaces and parentheses.
    init?(process: String, system: String, limits: String, openDescriptors: Int, units: Units) {
        guard let nameEnd = process.lastIndex(of: ")"), units.ticksPerSecond > 0 else { return nil }
        let fields = process[nameEnd...].split { $0 == " " || $0 == "\n" }
        func field(_ number: Int) -> Int? { number - 2 < fields.count ? Int(fields[number - 2]) : nil }
        guard
            let userTicks = field(14), let systemTicks = field(15), let startTicks = field(22),
            let virtualBytes = field(23), let residentPages = field(24),
            let bootSeconds = Self.number(after: "btime", in: system),
            let maximum = Self.number(after: "Max open files", in: limits)
        else { return nil }
        cpuSeconds = Double(userTicks + systemTicks) / Double(units.ticksPerSecond)
        residentBytes = residentPages * units.pageBytes
        self.virtualBytes = virtualBytes
        startSeconds = Double(bootSeconds) + Double(startTicks) / Double(units.ticksPerSecond)
        self.openDescriptors = openDescriptors
        maximumDescriptors = maximum
    }

    private static func number(after title: String, in text: String) -> Int? {
        let line = text.split(separator: "\n").first { $0.hasPrefix(title + " ") }
        return line?.dropFirst(title.count).split(separator: " ").first.flatMap { Int($0) }
    }

    /// The metrics in Prometheus' text format, under the names its client libraries agree on.
    var exposition: String {
        let metrics: [(name: String, kind: String, help: String, value: Double)] = [
            ("process_cpu_seconds_total", "counter", "Total user and system CPU time spent in seconds", cpuSeconds),
            ("process_max_fds", "gauge", "Maximum number of open file descriptors", Double(maximumDescriptors)),
            ("process_open_fds", "gauge", "Number of open file descriptors", Double(openDescriptors)),
            ("process_resident_memory_bytes", "gauge", "Resident memory size in bytes", Double(residentBytes)),
            ("process_start_time_seconds", "gauge", "Start time of the process since unix epoch in seconds", startSeconds),
            ("process_virtual_memory_bytes", "gauge", "Virtual memory size in bytes", Double(virtualBytes)),
        ]
        return metrics.map { metric in
            let head = "# HELP \(metric.name) \(metric.help)\n# TYPE \(metric.name) \(metric.kind)\n"
            return head + "\(metric.name) \(MetricName.number(metric.value))\n"
        }.joined()
    }
}
