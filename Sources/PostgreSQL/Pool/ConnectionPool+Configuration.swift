extension ConnectionPool {
    /// How a pool connects and how much it takes.
    package struct Configuration: Sendable {
        /// Any libpq connection string, several hosts allowed; may hold a password, so it is never printed.
        package let connectionString: String
        /// Connections that are kept open.
        package let minimumConnections: Int
        /// Connections at most.
        package let maximumConnections: Int
        /// Requests that may wait for a connection; more are refused at once.
        package let waitersMax: Int
        /// Longest wait for a connection.
        package let acquireTimeout: Duration
        /// Longest time for connecting and setting up.
        package let connectTimeout: Duration
        /// SQL that is run on each new connection.
        package let sessionSetup: [String]
        /// What the server shows in its list of sessions.
        package let applicationName: String

        /// Makes a configuration.
        package init(
            connectionString: String,
            minimumConnections: Int = 1,
            maximumConnections: Int = 10,
            waitersMax: Int = 1000,
            acquireTimeout: Duration = .seconds(5),
            connectTimeout: Duration = .seconds(5),
            sessionSetup: [String] = [],
            applicationName: String = "truvapay"
        ) {
            self.connectionString = connectionString
            self.minimumConnections = minimumConnections
            self.maximumConnections = maximumConnections
            self.waitersMax = waitersMax
            self.acquireTimeout = acquireTimeout
            self.connectTimeout = connectTimeout
            self.sessionSetup = sessionSetup
            self.applicationName = applicationName
        }
    }
}
