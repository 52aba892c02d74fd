internal import CPostgreSQL

/// How far an operation has come: what was sent, and which answers are still to come.
@safe
final class OperationProgress {
    private enum Expected {
        case prepared(String)
        case answered(String)
        case synchronised
        case scripted
        case copied(CopyStream)
    }

    private let operation: Operation
    private var expected: [Expected] = []
    private var position = 0
    private var results: [QueryResult] = []
    private var failure: PostgresError?
    private var piece: [UInt8] = []
    private var isCopying = false
    /// Whether nothing is to be read from the connection until somebody wants more.
    private(set) var isPaused = false
    private(set) var preparedNames: Set<String> = []
    /// Why the connection must be closed before all answers have come.
    private(set) var obstacle: PostgresError?

    init(_ operation: Operation) {
        self.operation = operation
    }

    var completion: @Sendable (OperationOutcome) -> Void { operation.completion }

    /// Hands everything to libpq; false when the connection cannot be used any more.
    func send(on connection: OpaquePointer, prepared: Set<String>) -> Bool {
        switch operation.kind {
        case .script(let sql):
            expected = [.scripted]
            return unsafe sql.withCString { unsafe PQsendQuery(connection, $0) } == 1
        case .copyOut(let sql, let stream):
            expected = [.copied(stream)]
            return unsafe sql.withCString { unsafe PQsendQuery(connection, $0) } == 1
        case .pipeline(let commands):
            guard unsafe PQenterPipelineMode(connection) == 1 else { return false }
            var known = prepared
            for command in commands {
                if known.insert(command.statement.name).inserted {
                    expected.append(.prepared(command.statement.name))
                    guard unsafe Sending.prepare(command, on: connection) else { return false }
                }
                expected.append(.answered(command.statement.name))
                guard unsafe Sending.execute(command, on: connection) else { return false }
            }
            expected.append(.synchronised)
            return unsafe PQpipelineSync(connection) == 1
        }
    }

    /// Takes the answers that have arrived; the whole result once all have.
    func receive(from connection: OpaquePointer) -> Result<[QueryResult], PostgresError>? {
        while position < expected.count, obstacle == nil {
            if isCopying, case .copied(let stream) = expected[position] {
                guard unsafe copy(from: connection, into: stream) else { return nil }
            }
            guard unsafe PQisBusy(connection) == 0 else { return nil }
            guard let result = unsafe PQgetResult(connection) else {
                position += 1
                continue
            }
            unsafe take(result)
        }
        if case .pipeline = operation.kind { _ = unsafe PQexitPipelineMode(connection) }
        return failure.map { .failure($0) } ?? .success(results)
    }

    /// Moves rows into the stream; true after the last.
    private func copy(from connection: OpaquePointer, into stream: CopyStream) -> Bool {
        isPaused = stream.isPaused
        while !isPaused {
            var row = unsafe UnsafeMutablePointer<CChar>?.none
            let length = unsafe PQgetCopyData(connection, &row, 1)
            guard length > 0, let start = unsafe row else {
                guard length < 0 else { return false }
                // -1 is the end and -2 a failure; in both cases the result that follows tells.
                if !piece.isEmpty { _ = stream.append(piece) }
                isCopying = false
                return true
            }
            unsafe piece.append(contentsOf: UnsafeRawBufferPointer(start: start, count: Int(length)))
            unsafe PQfreemem(start)
            guard piece.count >= CopyStream.pieceBytes else { continue }
            isPaused = !stream.append(piece)
            piece = []
            piece.reserveCapacity(CopyStream.pieceBytes + 8192)
        }
        return false
    }

    private func take(_ result: OpaquePointer) {
        let owned = unsafe QueryResult(takingOwnershipOf: result)
        let status = unsafe PQresultStatus(result)
        switch status {
        case PGRES_PIPELINE_SYNC:
            position += 1
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
            switch expected[position] {
            case .prepared(let name): preparedNames.insert(name)
            case .answered, .scripted, .copied: results.append(owned)
            case .synchronised: break
            }
        case PGRES_PIPELINE_ABORTED:
            break
        case PGRES_COPY_OUT where isCopyExpected:
            isCopying = true
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            // libpq gives this answer again and again until the data are moved, which nothing here does.
            obstacle = PostgresError(.server, "COPY is not supported", sqlState: "0A000", statementName: statementName)
        default:
            if failure == nil { failure = unsafe error(from: result) }
        }
    }

    private func error(from result: OpaquePointer) -> PostgresError {
        let field = { (code: Int32) -> String? in
            unsafe PQresultErrorField(result, code).map { unsafe String(cString: $0) }
        }
        return PostgresError(
            .server,
            field(Int32(UInt8(ascii: "M"))) ?? "the server refused",
            sqlState: field(Int32(UInt8(ascii: "C"))),
            constraintName: field(Int32(UInt8(ascii: "n"))),
            statementName: statementName
        )
    }

    private var isCopyExpected: Bool { if case .copied = expected[position] { true } else { false } }

    private var statementName: String? {
        switch expected[position] {
        case .prepared(let name), .answered(let name): name
        case .synchronised, .scripted, .copied: nil
        }
    }
}
