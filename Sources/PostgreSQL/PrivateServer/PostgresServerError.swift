/// Why the private PostgreSQL cannot be made, started or reached, and what to do about it.
package struct PostgresServerError: Error, Sendable, CustomStringConvertible {
    /// What went wrong, stable for callers that switch.
    package let code: Code
    /// A sentence with the next step; names folders and programs, never data.
    package let description: String

    /// The kinds of failure.
    package enum Code: String, Sendable {
        /// PostgreSQL is not installed, or not in the version that made the data.
        case programsNotFound = "postgres_programs_not_found"
        /// We run as root, and the user that the server should run as does not exist.
        case serverUserMissing = "postgres_server_user_missing"
        /// A folder cannot be made, entered or given to the server's user.
        case folderUnusable = "postgres_folder_unusable"
        /// The cluster could not be made.
        case creationFailed = "postgres_creation_failed"
        /// The server ended while it started.
        case startFailed = "postgres_start_failed"
        /// The server runs and does not answer in time.
        case notAnswering = "postgres_not_answering"
        /// Another process starts or stops the same server and does not come to an end.
        case busy = "postgres_busy"
    }

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// Whether the same call may succeed later without anybody doing anything.
    package var isRetryable: Bool {
        switch code {
        case .startFailed, .notAnswering, .busy: true
        case .programsNotFound, .serverUserMissing, .folderUnusable, .creationFailed: false
        }
    }
}
