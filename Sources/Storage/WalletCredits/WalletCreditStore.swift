package import Payments
package import PostgreSQL

/// What the credits of a batch share; kept from the first call on.
package struct WalletCreditBatch: Sendable, Hashable {
    package let id: String
    package let asset: Asset
    package let reason: String
    package let requestedBy: APIKeyID
    /// When the batch was first asked for.
    package let occurredAt: Timestamp

    /// Describes a batch.
    package init(id: String, asset: Asset, reason: String, requestedBy: APIKeyID, occurredAt: Timestamp) {
        self.id = id
        self.asset = asset
        self.reason = reason
        self.requestedBy = requestedBy
        self.occurredAt = occurredAt
    }
}

/// Batches of credits to wallets.
package enum WalletCreditStore {
    /// Keeps a batch unless there is one of its id.
    package static func insert(_ batch: WalletCreditBatch) -> Command {
        Command(
            insertBatch,
            [
                .text(batch.id), .text(batch.asset.code), .text(batch.reason), .uuid(batch.requestedBy.value),
                .timestamp(batch.occurredAt.microseconds),
            ]
        )
    }

    /// Reads a batch.
    package static func find(_ id: String) -> Command {
        Command(selectBatch, [.text(id)])
    }

    /// Reads what `find` found.
    package static func decode(_ result: QueryResult) throws -> WalletCreditBatch? {
        try result.rows.first.map { row in
            WalletCreditBatch(
                id: try row.text(0),
                asset: try row.value(1, Asset.init(code:)),
                reason: try row.text(2),
                requestedBy: try row.identifier(3),
                occurredAt: try row.instant(4)
            )
        }
    }

    private static let insertBatch = Statement(
        "wallet_credit_batch_insert",
        """
        INSERT INTO wallet_credit_batches (batch_id, asset, reason, requested_by, occurred_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (batch_id) DO NOTHING
        """
    )

    private static let selectBatch = Statement(
        "wallet_credit_batch",
        "SELECT batch_id, asset, reason, requested_by, occurred_at FROM wallet_credit_batches WHERE batch_id = $1"
    )
}
