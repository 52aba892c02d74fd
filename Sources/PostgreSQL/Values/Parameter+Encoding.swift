/// A value as it goes over the wire.
package struct EncodedParameter: Sendable {
    /// Number of the type in PostgreSQL's catalogue.
    package let type: UInt32
    /// Nil is NULL.
    package let bytes: [UInt8]?
}

extension Parameter {
    /// The binary form (PostgreSQL documentation, "Extended Query" and each type's `send` function).
    package var encoded: EncodedParameter {
        switch self {
        case .null: EncodedParameter(type: TypeNumber.unspecified, bytes: nil)
        case .bool(let value): scalar(TypeNumber.bool) { $0.append(value) }
        case .int32(let value): scalar(TypeNumber.int32) { $0.append(value) }
        case .int64(let value): scalar(TypeNumber.int64) { $0.append(value) }
        case .text(let value): EncodedParameter(type: TypeNumber.text, bytes: Array(value.utf8))
        case .bytes(let value): EncodedParameter(type: TypeNumber.bytes, bytes: value)
        case .uuid(let value): scalar(TypeNumber.uuid) { $0.append(value) }
        case .timestamp(let value): scalar(TypeNumber.timestamp) { $0.append(timestamp: value) }
        case .numeric(let value): scalar(TypeNumber.numeric) { $0.append(numeric: value) }
        case .jsonb(let value): scalar(TypeNumber.jsonb) { $0.append(jsonb: value) }
        default: encodedArray
        }
    }

    private var encodedArray: EncodedParameter {
        switch self {
        case .bools(let values): array(values, TypeNumber.bool, TypeNumber.bools) { $0.append($1) }
        case .int32s(let values): array(values, TypeNumber.int32, TypeNumber.int32s) { $0.append($1) }
        case .int64s(let values): array(values, TypeNumber.int64, TypeNumber.int64s) { $0.append($1) }
        case .texts(let values): array(values, TypeNumber.text, TypeNumber.texts) { $0.append(contentsOf: $1.utf8) }
        case .bytesArray(let values): array(values, TypeNumber.bytes, TypeNumber.bytesArray) { $0.append(contentsOf: $1) }
        case .uuids(let values): array(values, TypeNumber.uuid, TypeNumber.uuids) { $0.append($1) }
        case .timestamps(let values): array(values, TypeNumber.timestamp, TypeNumber.timestamps) { $0.append(timestamp: $1) }
        case .numerics(let values): array(values, TypeNumber.numeric, TypeNumber.numerics) { $0.append(numeric: $1) }
        case .jsonbs(let values): array(values, TypeNumber.jsonb, TypeNumber.jsonbs) { $0.append(jsonb: $1) }
        default: encodedOptionalArray
        }
    }

    private var encodedOptionalArray: EncodedParameter {
        switch self {
        case .optionalTexts(let values): optionals(values, TypeNumber.text, TypeNumber.texts) { $0.append(contentsOf: $1.utf8) }
        case .optionalBytesArray(let values): optionals(values, TypeNumber.bytes, TypeNumber.bytesArray) { $0.append(contentsOf: $1) }
        case .optionalUUIDs(let values): optionals(values, TypeNumber.uuid, TypeNumber.uuids) { $0.append($1) }
        case .optionalTimestamps(let values):
            optionals(values, TypeNumber.timestamp, TypeNumber.timestamps) { $0.append(timestamp: $1) }
        case .optionalNumerics(let values): optionals(values, TypeNumber.numeric, TypeNumber.numerics) { $0.append(numeric: $1) }
        case .optionalJSONBs(let values): optionals(values, TypeNumber.jsonb, TypeNumber.jsonbs) { $0.append(jsonb: $1) }
        case .optionalInt32s(let values): optionals(values, TypeNumber.int32, TypeNumber.int32s) { $0.append($1) }
        case .optionalInt64s(let values): optionals(values, TypeNumber.int64, TypeNumber.int64s) { $0.append($1) }
        default: EncodedParameter(type: TypeNumber.unspecified, bytes: nil)
        }
    }

    private func scalar(_ type: UInt32, _ append: (inout WireBytes) -> Void) -> EncodedParameter {
        var bytes = WireBytes()
        append(&bytes)
        return EncodedParameter(type: type, bytes: bytes.bytes)
    }

    private func array<Value>(
        _ values: [Value],
        _ elementType: UInt32,
        _ type: UInt32,
        _ append: (inout WireBytes, Value) -> Void
    ) -> EncodedParameter {
        // Not by way of optional values: making an array of those casts each value.
        var bytes = arrayHeader(count: values.count, elementType)
        for value in values { bytes.appendSized { append(&$0, value) } }
        return EncodedParameter(type: type, bytes: bytes.bytes)
    }

    private func optionals<Value>(
        _ values: [Value?],
        _ elementType: UInt32,
        _ type: UInt32,
        _ append: (inout WireBytes, Value) -> Void
    ) -> EncodedParameter {
        var bytes = arrayHeader(count: values.count, elementType)
        for value in values {
            if let value {
                bytes.appendSized { append(&$0, value) }
            } else {
                bytes.append(Int32(-1))
            }
        }
        return EncodedParameter(type: type, bytes: bytes.bytes)
    }

    private func arrayHeader(count: Int, _ elementType: UInt32) -> WireBytes {
        var bytes = WireBytes(capacity: 20 + count * 24)
        bytes.append(Int32(count == 0 ? 0 : 1))
        bytes.append(Int32(1))
        bytes.append(Int32(bitPattern: elementType))
        if count > 0 {
            bytes.append(Int32(count))
            bytes.append(Int32(1))
        }
        return bytes
    }
}
