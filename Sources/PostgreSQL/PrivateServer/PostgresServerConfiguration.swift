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

    /// Keeps everything under `home`/postgresql.
    package init(home: String, durability: Durability) {
        self.home = home
        self.durability = durability
    }

    var folder: String { home + "/postgresql" }
    var data: String { folder + "/data" }
    var log: String { folder + "/server.log" }
    var ownerFile: String { folder + "/owner.pid" }

    /// The server's settings beyond its defaults.
    func settings(socketFolder: String) -> [(String, String)] {
        let common = [
            ("listen_addresses", ""), ("unix_socket_directories", socketFolder), ("max_wal_size", "2GB"), ("wal_compression", "on"),
            ("checkpoint_completion_target", "0.9"), ("random_page_cost", "1.1"), ("log_min_messages", "warning"),
        ]
        switch durability {
        case .durable:
            return common + [
                ("shared_buffers", "256MB"), ("max_connections", "100"), ("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on"),
            ]
        case .forTests:
            return common + [
                ("shared_buffers", "128MB"), ("max_connections", "300"), ("fsync", "off"), ("synchronous_commit", "off"),
                ("full_page_writes", "off"), ("autovacuum", "off"),
            ]
        }
    }
}

/// Why the private server cannot run, and what to do about it.
package struct PostgresServerError: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
