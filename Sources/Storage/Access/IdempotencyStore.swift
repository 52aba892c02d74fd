package import Payments
package import PostgreSQL

/// A request under an idempotency key, and its answer once there is one.
package struct IdempotencyRecord: Sendable, Hashable {
    package let caller: APIKeyID
    package let key: String
    /// A digest of what was asked.
    package let fingerprint: [UInt8]
    package let chargeID: ChargeID?
    /// The call to the provider that the request led to; nil for the one that creates the charge.
    package let operation: String?
    package let answer: KeptAnswer?
    package let createdAt: Timestamp

    /// Describes a request.
    package init(
        caller: APIKeyID,
        key: String,
        fingerprint: [UInt8],
        chargeID: ChargeID? = nil,
        operation: String? = nil,
        answer: KeptAnswer?,
        createdAt: Timestamp
    ) {
        self.caller = caller
        self.key = key
        self.fingerprint = fingerprint
        self.chargeID = chargeID
        self.operation = operation
        self.answer = answer
        self.createdAt = createdAt
    }
}

/// An answer that is kept and given again, byte for byte, for the same key and content.
package struct KeptAnswer: Sendable, Hashable {
    package let status: Int
    package let contentType: String
    package let body: [UInt8]

    /// Makes an answer.
    package init(status: Int, contentType: String = "application/json", body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// Requests by caller and idempotency key.
package enum IdempotencyStore {
    /// Writes requests whose key is new; `decodeBegun` tells which were.
    package static func begin(_ records: [IdempotencyRecord]) -> Command {
        Command(
            beginRequests,
            [
                .uuids(records.map(\.caller.value)), .texts(records.map(\.key)), .bytesArray(records.map(\.fingerprint)),
                .optionalUUIDs(records.map { $0.chargeID?.value }), .optionalInt32s(records.map { $0.answer.map { Int32($0.status) } }),
                .optionalTexts(records.map { $0.answer?.contentType }), .optionalBytesArray(records.map { $0.answer?.body }),
                .timestamps(records.map(\.createdAt.microseconds)), .optionalTexts(records.map(\.operation)),
            ]
        )
    }

    /// The requests that `begin` wrote.
    package static func decodeBegun(_ result: QueryResult) throws -> [(caller: APIKeyID, key: String)] {
        try result.rows.map { (try $0.identifier(0), try $0.text(1)) }
    }

    /// Reads one request.
    package static func find(caller: APIKeyID, key: String) -> Command {
        Command(findRequest, [.uuid(caller.value), .text(key)])
    }

    /// Keeps the answer of a request that has none yet.
    package static func answer(caller: APIKeyID, key: String, with answer: KeptAnswer) -> Command {
        Command(
            answerRequest,
            [.uuid(caller.value), .text(key), .int32(Int32(answer.status)), .text(answer.contentType), .bytes(answer.body)]
        )
    }

    /// Reads requests.
    package static func decode(_ result: QueryResult) throws -> [IdempotencyRecord] {
        try result.rows.map { row in
            var answer: KeptAnswer?
            if let status = try row.optionalInt32(4) {
                answer = KeptAnswer(status: Int(status), contentType: try row.text(5), body: try row.bytes(6))
            }
            return IdempotencyRecord(
                caller: try row.identifier(0),
                key: try row.text(1),
                fingerprint: try row.bytes(2),
                chargeID: try row.optionalIdentifier(3),
                operation: try row.optionalText(8),
                answer: answer,
                createdAt: try row.instant(7)
            )
        }
    }

    private static let beginRequests = Statement(
        "idempotency_begin",
        """
        INSERT INTO idempotency_keys (api_key_id, key, fingerprint, charge_id, answer_status, answer_content_type, answer_body, created_at,
            operation)
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::uuid[], $5::int[], $6::text[], $7::bytea[], $8::timestamptz[],
            $9::text[])
        ON CONFLICT (api_key_id, key) DO NOTHING
        RETURNING api_key_id, key
        """
    )

    private static let findRequest = Statement(
        "idempotency_find",
        """
        SELECT api_key_id, key, fingerprint, charge_id, answer_status, answer_content_type, answer_body, created_at, operation
        FROM idempotency_keys WHERE api_key_id = $1 AND key = $2
        """
    )

    private static let answerRequest = Statement(
        "idempotency_answer",
        """
        UPDATE idempotency_keys SET answer_status = $3, answer_content_type = $4, answer_body = $5
        WHERE api_key_id = $1 AND key = $2 AND answer_status IS NULL
        """
    )
}
