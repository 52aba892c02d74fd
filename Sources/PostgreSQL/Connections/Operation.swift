/// What a connection is asked to do in one round trip.
struct Operation: Sendable {
    /// The two ways to speak to the server.
    enum Kind: Sendable {
        /// Prepared statements in pipeline mode with one synchronisation at the end: outside a transaction block all or nothing.
        case pipeline([EncodedCommand])
        /// Several statements in one text, without values.
        case script(String)
        /// One `COPY … TO STDOUT`, whose rows go into the stream.
        case copyOut(String, CopyStream)
    }

    let kind: Kind
    /// Called exactly once, on the event loop's thread or where the operation was refused.
    let completion: @Sendable (OperationOutcome) -> Void
}

/// How an operation ended, and in which state it left its connection.
struct OperationOutcome: Sendable {
    /// What can be done with the connection.
    enum Connection {
        case idle
        /// Whoever has the connection goes on; nobody else may.
        case inTransaction
        /// Nothing more.
        case unusable
    }

    let result: Result<[QueryResult], PostgresError>
    let connection: Connection

    /// The connection ended before the operation did.
    static func unusable(_ error: PostgresError) -> OperationOutcome {
        OperationOutcome(result: .failure(error), connection: .unusable)
    }
}

/// A command whose values were encoded on the caller's thread.
struct EncodedCommand: Sendable {
    let statement: Statement
    let parameters: [EncodedParameter]

    init(_ command: Command) {
        statement = command.statement
        parameters = command.parameters.map(\.encoded)
    }
}

/// Names a connection within its event loop.
struct ConnectionID: Sendable, Hashable {
    let number: Int
}

/// How a connection is made.
struct ConnectionOrder: Sendable {
    let connectionString: String
    let applicationName: String
    let setup: [String]
    let timeout: Duration
    /// Told when a connection that was open is gone.
    let onClosed: @Sendable (ConnectionID) -> Void
    /// Told once whether the connection is open.
    let onOpened: @Sendable (ConnectionID, Result<Void, PostgresError>) -> Void
}
