import Foundation
import Testing

@testable import Operations

@Suite("Process statistics")
struct ProcessStatisticsTests {
    private static let stat =
        "42 (a) b (c) S 1 42 42 0 -1 4194304 500 0 0 0 150 50 0 0 20 0 4 0 12345 1048576 256 18446744073709551615 1 1 0\n"
    private static let system = "cpu  1 2 3\nbtime 1790000000\nprocesses 9\n"
    private static let limits =
        "Limit  Soft Limit  Hard Limit  Units\nMax open files            1024                 4096                 files\n"
    private static let units = ProcessStatistics.Units(ticksPerSecond: 100, pageBytes: 4096)

    @Test("the kernel's tables are read by field, whatever the program's name")
    func fields() throws {
        let statistics = try #require(
            ProcessStatistics(process: Self.stat, system: Self.system, limits: Self.limits, openDescriptors: 7, units: Self.units)
        )
        #expect(statistics.cpuSeconds == 2)
        #expect(statistics.startSeconds == 1_790_000_123.45)
        #expect(statistics.virtualBytes == 1_048_576 && statistics.residentBytes == 256 * 4096)
        #expect(statistics.openDescriptors == 7 && statistics.maximumDescriptors == 1024)
        #expect(statistics.exposition.contains("# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total 2\n"))
        #expect(statistics.exposition.contains("\nprocess_start_time_seconds 1790000123.45\n"))
    }

    @Test("tables cut short at any byte give nothing or a whole answer, never a crash")
    func truncation() {
        for length in 0..<Self.stat.count {
            let cut = String(Self.stat.prefix(length))
            let statistics = ProcessStatistics(
                process: cut,
                system: Self.system,
                limits: Self.limits,
                openDescriptors: 7,
                units: Self.units
            )
            #expect(statistics == nil || cut.split(separator: " ").count >= 26)
        }
        #expect(ProcessStatistics(process: Self.stat, system: "", limits: Self.limits, openDescriptors: 7, units: Self.units) == nil)
        #expect(ProcessStatistics(process: Self.stat, system: Self.system, limits: "", openDescriptors: 7, units: Self.units) == nil)
    }

    @Test("this process has been started, uses memory and has descriptors open")
    func thisProcess() throws {
        let statistics = try #require(ProcessStatistics.read())
        #expect(statistics.residentBytes > 1_000_000 && statistics.virtualBytes > statistics.residentBytes)
        #expect((3...statistics.maximumDescriptors).contains(statistics.openDescriptors))
        let age = Date().timeIntervalSince1970 - statistics.startSeconds
        #expect((-2...86_400).contains(age))
        #expect(statistics.cpuSeconds >= 0)
        let exposed = PrometheusMetricsFactory(descriptions: []).expose()
        #expect(exposed.contains("\nprocess_resident_memory_bytes "))
    }
}
