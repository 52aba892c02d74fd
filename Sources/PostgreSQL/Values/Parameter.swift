/// A value for a statement; sent in binary with its type.
package enum Parameter: Sendable {
    case null
    case bool(Bool)
    case int32(Int32)
    case int64(Int64)
    case text(String)
    case bytes([UInt8])
    case uuid(UInt128)
    /// Microseconds since 1970-01-01T00:00:00Z.
    case timestamp(Int64)
    case numeric(Int128)
    case jsonb(String)
    case bools([Bool])
    case int32s([Int32])
    case int64s([Int64])
    case texts([String])
    case optionalTexts([String?])
    case bytesArray([[UInt8]])
    case optionalBytesArray([[UInt8]?])
    case uuids([UInt128])
    case optionalUUIDs([UInt128?])
    case timestamps([Int64])
    case optionalTimestamps([Int64?])
    case numerics([Int128])
    case optionalNumerics([Int128?])
    case jsonbs([String])
    case optionalJSONBs([String?])
    case optionalInt32s([Int32?])
    case optionalInt64s([Int64?])

    /// The value or NULL.
    package static func optional<Value>(_ value: Value?, _ make: (Value) -> Parameter) -> Parameter {
        value.map(make) ?? .null
    }
}

/// Type numbers of PostgreSQL's catalogue (`pg_type.dat`), fixed for all versions.
enum TypeNumber {
    static let unspecified: UInt32 = 0
    static let bool: UInt32 = 16
    static let bytes: UInt32 = 17
    static let int64: UInt32 = 20
    static let int32: UInt32 = 23
    static let text: UInt32 = 25
    static let timestamp: UInt32 = 1184
    static let numeric: UInt32 = 1700
    static let uuid: UInt32 = 2950
    static let jsonb: UInt32 = 3802
    static let bools: UInt32 = 1000
    static let bytesArray: UInt32 = 1001
    static let int32s: UInt32 = 1007
    static let texts: UInt32 = 1009
    static let int64s: UInt32 = 1016
    static let timestamps: UInt32 = 1185
    static let numerics: UInt32 = 1231
    static let uuids: UInt32 = 2951
    static let jsonbs: UInt32 = 3807

    /// Further types whose binary form is their text: name, json, unknown, char(n), varchar.
    private static let textLike: Set<UInt32> = [19, 114, 705, 1042, 1043]

    /// Whether a value of the type `found` can be read as `wanted`.
    static func isRead(_ found: UInt32, as wanted: UInt32) -> Bool {
        found == wanted || wanted == text && textLike.contains(found)
    }
}
