/// Why the database could not do something.
///
/// The description is safe for logs: it holds the server's primary message, never its detail and never a bound value.
package struct PostgresError: Error, Sendable, CustomStringConvertible {
    /// What went wrong, stable for callers that switch.
    package let code: Code
    /// The server's SQLSTATE, when the server refused.
    package let sqlState: String?
    /// The constraint that refused, when one did.
    package let constraintName: String?
    /// The statement that failed, by name.
    package let statementName: String?
    private let message: String

    /// The kinds of failure.
    package enum Code: String, Sendable {
        /// No connection could be made.
        case connectionFailed = "connection_failed"
        /// The connection broke while it was used; what was sent may have taken effect.
        case connectionLost = "connection_lost"
        /// The server refused a statement.
        case server
        /// Too many wait for a connection, or the wait took too long.
        case poolExhausted = "pool_exhausted"
        /// The task was cancelled.
        case cancelled
        /// A value is not what the reader expected.
        case decoding
        /// COMMIT was sent and its answer was lost: look up what was written, never assume.
        case commitOutcomeUnknown = "commit_outcome_unknown"
        /// The pool is closed.
        case shutDown = "shut_down"
        /// The schema is not one that this version knows.
        case migration
    }

    init(_ code: Code, _ message: String, sqlState: String? = nil, constraintName: String? = nil, statementName: String? = nil) {
        self.code = code
        self.message = message
        self.sqlState = sqlState
        self.constraintName = constraintName
        self.statementName = statementName
    }

    package var description: String {
        let place = statementName.map { " in \($0)" } ?? ""
        let state = sqlState.map { " [\($0)]" } ?? ""
        return "\(code.rawValue)\(place)\(state): \(message)"
    }

    /// A unique constraint refused (SQLSTATE 23505).
    package var isUniqueViolation: Bool { sqlState == "23505" }
    /// A check constraint refused (SQLSTATE 23514).
    package var isCheckViolation: Bool { sqlState == "23514" }

    /// Whether the server gave the transaction up for the sake of another: a serialization failure or a deadlock.
    package var isConflict: Bool { code == .server && (sqlState == "40001" || sqlState == "40P01") }

    /// Whether the same transaction may succeed when it is run again from its beginning.
    package var isRetryable: Bool {
        switch code {
        case .server: sqlState.map(PostgresError.isTransient) ?? false
        case .connectionFailed, .connectionLost, .poolExhausted: true
        case .cancelled, .decoding, .commitOutcomeUnknown, .shutDown, .migration: false
        }
    }

    /// Whether the server lacks room on its disk, memory or sessions, or its files cannot be read or written (SQLSTATE classes 53 and 58).
    ///
    /// That ends when somebody makes room, rarely while a transaction is tried again.
    package var isShortage: Bool { code == .server && (sqlState?.hasPrefix("53") == true || sqlState?.hasPrefix("58") == true) }

    /// Whether the database could not be used at all, as opposed to refusing one statement for what it says.
    package var isOutage: Bool {
        switch code {
        case .server: isRetryable || isShortage
        case .decoding: false
        default: true
        }
    }

    /// Whether doing it again may succeed, for work that may be done twice: also when nobody knows whether it was committed.
    package var mayPass: Bool { isRetryable || isShortage || code == .commitOutcomeUnknown }

    /// Serialization failure, deadlock, connection trouble, shutdown, start-up, a standby after failover, a lock time-out, no free session.
    private static func isTransient(_ state: String) -> Bool {
        state.hasPrefix("08") || ["40001", "40P01", "57P01", "57P02", "57P03", "25006", "55P03", "53300"].contains(state)
    }

    func during(_ statement: String) -> PostgresError {
        PostgresError(code, message, sqlState: sqlState, constraintName: constraintName, statementName: statement)
    }
}
