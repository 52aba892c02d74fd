package import Payments
package import PostgreSQL

/// Withdrawals and what was decided about them; a decision is written once.
package enum WithdrawalStore {
    /// Writes a new withdrawal.
    package static func insert(_ withdrawal: Withdrawal) -> Command {
        Command(
            insertWithdrawal,
            [
                .uuid(withdrawal.id.value), .text(withdrawal.customerID), .text(withdrawal.amount.asset.code),
                .numeric(withdrawal.amount.minorUnits), .text(withdrawal.destination.description), .text(withdrawal.provider.text),
                .uuid(withdrawal.requestedBy.value), .numeric(withdrawal.approvalLimit.minorUnits), .bool(withdrawal.needsApproval),
                .text(withdrawal.status.rawValue), .timestamp(withdrawal.createdAt.microseconds),
                .timestamp(withdrawal.updatedAt.microseconds), .int64(withdrawal.version),
            ]
        )
    }

    /// Writes a decision; the database refuses a second one, one by the requester, and one by nobody above the limit.
    package static func insert(_ decision: WithdrawalDecision, about withdrawal: Withdrawal) -> Command {
        Command(
            insertDecision,
            [
                .uuid(withdrawal.id.value), .uuid(withdrawal.requestedBy.value), .bool(withdrawal.needsApproval),
                .optional(decision.decidedBy) { .uuid($0.value) }, .text(decision.isApproved ? "approved" : "rejected"),
                .optional(decision.reason) { .text($0) }, .timestamp(decision.decidedAt.microseconds),
            ]
        )
    }

    /// Writes how far a withdrawal is.
    package static func update(_ withdrawal: Withdrawal) -> Command {
        Command(
            updateWithdrawal,
            [
                .uuid(withdrawal.id.value), .text(withdrawal.status.rawValue), .optional(withdrawal.providerReference) { .text($0) },
                .optional(withdrawal.fee) { .numeric($0.minorUnits) }, .optional(withdrawal.fee) { .text($0.asset.code) },
                .optional(withdrawal.failure) { .text(ChargeColumns.text(of: $0)) }, .timestamp(withdrawal.updatedAt.microseconds),
                .int64(withdrawal.version),
            ]
        )
    }

    /// Reads one withdrawal under lock; the last of the two commands answers.
    ///
    /// What the lock waited for is seen only by a statement that comes after it.
    package static func lock(_ id: WithdrawalID) -> [Command] {
        [Command(lockWithdrawal, [.uuid(id.value)]), find([id])]
    }

    /// Reads withdrawals by their ids.
    package static func find(_ ids: [WithdrawalID]) -> Command {
        Command(findWithdrawals, [.uuids(ids.map(\.value))])
    }

    /// Withdrawals newest first, those before `after`.
    package static func list(
        status: WithdrawalStatus?,
        customer: String?,
        after: WithdrawalID?,
        limit: Int,
        on pool: ConnectionPool
    ) async throws -> [Withdrawal] {
        let parameters: [Parameter] = [
            .optional(status) { .text($0.rawValue) }, .optional(customer) { .text($0) }, .optional(after) { .uuid($0.value) },
            .int64(Int64(limit)),
        ]
        return try decode(try await pool.execute(listWithdrawals, parameters))
    }

    /// Reads withdrawals that one of the statements selected.
    package static func decode(_ result: QueryResult) throws -> [Withdrawal] {
        try result.rows.map { row in
            let asset = try row.value(2, Asset.init(code:))
            let withdrawal = Withdrawal(
                id: try row.identifier(0),
                customerID: try row.text(1),
                amount: try row.amount(3, asset: asset),
                destination: try row.value(4) { try? WithdrawalDestination($0) },
                requestedBy: try row.identifier(5),
                approvalLimit: try row.amount(6, asset: asset),
                createdAt: try row.instant(7)
            )
            guard var withdrawal else { throw StorageError("a withdrawal is of a customer who can have no wallet") }
            withdrawal.status = try row.value(8, WithdrawalStatus.init(rawValue:))
            withdrawal.providerReference = try row.optionalText(9)
            if let feeAsset = try row.optionalText(11).flatMap({ Asset(code: $0) }) {
                withdrawal.fee = try row.amount(10, asset: feeAsset)
            }
            withdrawal.failure = try row.optionalValue(12, ChargeColumns.failure)
            withdrawal.updatedAt = try row.instant(13)
            withdrawal.version = try row.int64(14)
            withdrawal.decision = try decision(row)
            return withdrawal
        }
    }

    private static func decision(_ row: Row) throws -> WithdrawalDecision? {
        guard let word = try row.optionalText(15) else { return nil }
        return WithdrawalDecision(
            isApproved: word == "approved",
            decidedBy: try row.optionalIdentifier(16),
            decidedAt: try row.instant(17),
            reason: try row.optionalText(18)
        )
    }

    private static let insertWithdrawal = Statement(
        "withdrawal_insert",
        """
        INSERT INTO withdrawals (id, customer_id, asset, amount, destination, provider, requested_by, approval_limit, needs_approval,
            status, created_at, updated_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """
    )

    private static let insertDecision = Statement(
        "withdrawal_decide",
        """
        INSERT INTO withdrawal_decisions (withdrawal_id, requested_by, needs_approval, decided_by, decision, reason, decided_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """
    )

    private static let updateWithdrawal = Statement(
        "withdrawal_update",
        """
        UPDATE withdrawals SET status = $2, provider_reference = $3, fee = $4, fee_asset = $5, failure = $6, updated_at = $7, version = $8
        WHERE id = $1
        """
    )

    private static let lockWithdrawal = Statement("withdrawal_lock", "SELECT id FROM withdrawals WHERE id = $1 FOR UPDATE")

    private static let selection = """
        SELECT w.id, w.customer_id, w.asset, w.amount, w.destination, w.requested_by, w.approval_limit, w.created_at, w.status,
            w.provider_reference, w.fee, w.fee_asset, w.failure, w.updated_at, w.version, d.decision, d.decided_by, d.decided_at, d.reason
        FROM withdrawals w LEFT JOIN withdrawal_decisions d ON d.withdrawal_id = w.id
        """

    private static let findWithdrawals = Statement("withdrawals_find", selection + " WHERE w.id = ANY($1::uuid[]) ORDER BY w.id")

    private static let listWithdrawals = Statement(
        "withdrawals_list",
        selection + """
             WHERE ($1::text IS NULL OR w.status = $1) AND ($2::text IS NULL OR w.customer_id = $2) AND ($3::uuid IS NULL OR w.id < $3)
            ORDER BY w.id DESC LIMIT $4
            """
    )
}
