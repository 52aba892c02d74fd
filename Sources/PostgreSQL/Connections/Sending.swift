internal import CPostgreSQL

/// Hands commands to libpq.
enum Sending {
    /// Sends the statement to be prepared under its name.
    static func prepare(_ command: EncodedCommand, on connection: OpaquePointer) -> Bool {
        let types = command.parameters.map { Oid($0.type) }
        return unsafe command.statement.name.withCString { name in
            unsafe command.statement.sql.withCString { sql in
                unsafe types.withUnsafeBufferPointer { types in
                    unsafe PQsendPrepare(connection, name, sql, Int32(types.count), types.baseAddress)
                }
            }
        } == 1
    }

    /// Sends a prepared statement's values, all in binary, and asks for a binary answer.
    static func execute(_ command: EncodedCommand, on connection: OpaquePointer) -> Bool {
        let lengths = command.parameters.map { Int32($0.bytes?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: command.parameters.count)
        // One buffer for all values, so that all pointers stay good for the call; a byte more, so that none is empty.
        var joined: [UInt8] = []
        joined.reserveCapacity(lengths.reduce(1) { $0 + Int($1) })
        var offsets: [Int?] = []
        for parameter in command.parameters {
            offsets.append(parameter.bytes == nil ? nil : joined.count)
            joined.append(contentsOf: parameter.bytes ?? [])
        }
        joined.append(0)
        return unsafe joined.withUnsafeBufferPointer { buffer in
            let values = unsafe offsets.map { offset -> UnsafePointer<CChar>? in
                guard let offset, let base = buffer.baseAddress else { return nil }
                return unsafe UnsafeRawPointer(base + offset).assumingMemoryBound(to: CChar.self)
            }
            return unsafe command.statement.name.withCString { name in
                unsafe PQsendQueryPrepared(connection, name, Int32(values.count), values, lengths, formats, 1)
            }
        } == 1
    }
}
