/// Where a private server keeps its data, and how careful it is.
package struct PostgresServerConfiguration: Sendable {
    /// Whether what was acknowledged survives a crash of the machine.
    package enum Durability: Sendable {
        case durable
        /// Nothing survives a crash; for tests only.
        case forTests
    }

    let home: String
    let durability: Durability
    /// Settings of `postgresql.conf` that go before ours.
    package var extraSettings: [String: String] = [:]
    /// Where PostgreSQL's programs are looked for, best first; nil looks into Debian's folders and PATH.
    package var programFolders: [String]?
    /// Longest wait until a server answers, its recovery after a crash included.
    package var startLimit = Duration.seconds(120)
    /// Longest wait for a fast shutdown; then the server is stopped at once and recovers at its next start.
    package var stopLimit = Duration.seconds(20)

    /// Keeps everything under `home`/postgresql; `home` is an absolute path.
    package init(home: String, durability: Durability) {
        self.home = home
        self.durability = durability
    }

    var folder: String { home + "/postgresql" }
    var data: String { folder + "/data" }
    var log: String { folder + "/server.log" }
    /// Held while a process makes, starts or stops the server.
    var turnFile: String { folder + "/turn.lock" }
    /// Held together by all processes that use the server.
    var usersFile: String { folder + "/users.lock" }

    /// The server's settings beyond its defaults, in a stable order; they go on its command line and so before those of its files.
    func settings(socketFolder: String) -> [(name: String, value: String)] {
        var settings = [
            "listen_addresses": "",
            "port": "5432",
            "unix_socket_directories": "\"" + socketFolder.replacing("\"", with: "\"\"") + "\"",
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            // Seldom, because after each checkpoint every page is written whole once more; recovery takes seconds all the same.
            "max_wal_size": "4GB",
            "min_wal_size": "512MB",
            "checkpoint_timeout": "15min",
            "wal_compression": "lz4",
            "default_toast_compression": "lz4",
            "checkpoint_completion_target": "0.9",
            "random_page_cost": "1.1",
            "log_min_messages": "warning",
            // Statements and details can hold customers' data, which belongs in no log.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        ]
        settings.merge(durability == .durable ? Self.durable : Self.forTests) { _, new in new }
        settings.merge(extraSettings) { _, new in new }
        return settings.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }

    private static let durable = [
        "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "256MB", "max_connections": "100",
        // What is written goes to the disk steadily. Left to the system it gathers, and then every commit waits for it, now and then for
        // a third of a second.
        "backend_flush_after": "512kB", "bgwriter_delay": "20ms", "bgwriter_lru_maxpages": "1000", "bgwriter_flush_after": "512kB",
    ]

    private static let forTests = [
        "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB", "max_connections": "300",
        "autovacuum": "off",
    ]
}
