import Foundation
import PostgreSQL

/// Under what a group of figures was measured.
struct Conditions: Codable {
    /// Name and value, in the order they are printed.
    struct Line: Codable {
        let name: String
        let value: String
    }

    private(set) var lines: [Line] = []

    mutating func add(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        lines.append(Line(name: name, value: value))
    }

    /// The machine, and the commit when this is a checkout.
    static func ofMachine() async -> Conditions {
        var conditions = Conditions()
        conditions.add("time", Date().formatted(.iso8601))
        conditions.add("cores", "\(ProcessInfo.processInfo.activeProcessorCount), shared by program, PostgreSQL and load generator")
        conditions.add("processor", Conditions.processor)
        conditions.add("memory", "\(ProcessInfo.processInfo.physicalMemory / 1_048_576) MB")
        if let git = ProgramRun.find("git") {
            let commit = try? await ProgramRun.output(of: git, ["describe", "--always", "--dirty", "--abbrev=10"])
            conditions.add("commit", commit?.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        return conditions
    }

    /// The server's version and what differs from its defaults.
    static func ofServer(_ pool: ConnectionPool) async throws -> Conditions {
        var conditions = Conditions()
        conditions.add("PostgreSQL", try await pool.execute(version, []).rows.first?.text(0))
        conditions.add("durability", try await pool.execute(durability, []).rows.map { try $0.text(0) }.joined(separator: ", "))
        conditions.add("settings", try await pool.execute(settings, []).rows.map { try $0.text(0) }.joined(separator: ", "))
        return conditions
    }

    private static var processor: String? {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
    }

    private static let version = Statement("benchmark_version", "SELECT current_setting('server_version')")

    private static let durability = Statement(
        "benchmark_durability",
        """
        SELECT name || ' ' || setting FROM pg_settings
        WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') ORDER BY name
        """
    )

    /// What only names places, times and languages says nothing about speed.
    private static let settings = Statement(
        "benchmark_settings",
        """
        SELECT name || ' ' || current_setting(name) FROM pg_settings
        WHERE source IN ('command line', 'configuration file') AND setting IS DISTINCT FROM boot_val
            AND category NOT LIKE 'Client%' AND category NOT LIKE 'Reporting%' AND name NOT LIKE '%time%zone%'
            AND name NOT LIKE 'unix_socket%' AND name NOT IN ('port', 'listen_addresses')
        ORDER BY name
        """
    )
}
