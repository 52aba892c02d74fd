import Gateway
import HTTPTypes
import Hummingbird
import Payments
import PostgreSQL
import Storage
import StrictJSON

/// The addresses of withdrawals from customers' wallets.
enum WithdrawalRoutes {
    /// What is asked for, decided and read.
    static func all(_ parts: WebParts) -> [Route] {
        let decide = DecideWithdrawal(withdrawals: parts.withdrawals)
        return [
            Route(
                .post,
                "/v1/wallets/{customer_id}/withdrawals",
                .scope(.walletsWrite),
                RequestWithdrawal(withdrawals: parts.withdrawals).answer
            ),
            Route(.get, "/v1/withdrawals", .scope(.walletsRead), ListWithdrawals(pool: parts.reading).answer),
            Route(.get, "/v1/withdrawals/{id}", .scope(.walletsRead), GetWithdrawal(pool: parts.reading).answer),
            Route(.post, "/v1/withdrawals/{id}/approve", .scope(.payoutsWrite), decide.approve),
            Route(.post, "/v1/withdrawals/{id}/reject", .scope(.payoutsWrite), decide.reject),
            Route(.post, "/v1/withdrawals/{id}/cancel", .scope(.payoutsWrite), CancelWithdrawal(withdrawals: parts.withdrawals).answer),
        ]
    }
}

/// `POST /v1/wallets/{customer_id}/withdrawals`.
struct RequestWithdrawal: Sendable {
    let withdrawals: Withdrawals

    private static let bodyBytesMax = 16 * 1024
    private static let destinationBytesMax = 255

    func answer(_ call: Call) async throws -> Response {
        let customer = try call.customerID()
        let key = try IdempotencyKey(call.request.headers)
        let object = try await BodyReading.object(of: call.request, limit: RequestWithdrawal.bodyBytesMax)
        var reader = ObjectReader(object)
        let amount = try reader.amount()
        let destination = try reader.text("destination", lengthMax: RequestWithdrawal.destinationBytesMax)
        try reader.finish()
        guard ChartOfAccounts.wallet(customer: customer, amount.asset) != nil else { throw Call.noCustomerID }
        let draft = WithdrawalDraft(customerID: customer, amount: amount, destination: destination)
        let request = try call.idempotent(key, "POST /v1/wallets/\(customer)/withdrawals", object)
        return try await .idempotent(withdrawals.request(draft, under: request))
    }
}

/// `POST /v1/withdrawals/{id}/approve` and `/reject`.
struct DecideWithdrawal: Sendable {
    let withdrawals: Withdrawals

    func approve(_ call: Call) async throws -> Response {
        let (id, reason, request) = try await call.decision("/v1/withdrawals", "approve") { WithdrawalID($0) }
        return try await .idempotent(withdrawals.approve(id, reason: reason, under: request))
    }

    func reject(_ call: Call) async throws -> Response {
        let (id, reason, request) = try await call.decision("/v1/withdrawals", "reject") { WithdrawalID($0) }
        return try await .idempotent(withdrawals.reject(id, reason: reason, under: request))
    }
}

/// `POST /v1/withdrawals/{id}/cancel`.
struct CancelWithdrawal: Sendable {
    let withdrawals: Withdrawals

    private static let bodyBytesMax = 16 * 1024

    func answer(_ call: Call) async throws -> Response {
        let id = try call.identifier("id") { WithdrawalID($0) }
        let key = try IdempotencyKey(call.request.headers)
        let object = try await BodyReading.optionalObject(of: call.request, limit: CancelWithdrawal.bodyBytesMax)
        try ObjectReader(object).finish()
        let request = try call.idempotent(key, "POST /v1/withdrawals/\(id)/cancel", object)
        return try await .idempotent(withdrawals.cancel(id, under: request))
    }
}

/// `GET /v1/withdrawals`.
struct ListWithdrawals: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let paging = try Paging(call)
        let withdrawals = try await WithdrawalStore.list(
            status: try call.queryValue("status", WithdrawalStatus.init(rawValue:)),
            customer: call.query("customer_id"),
            after: try paging.after { WithdrawalID($0) },
            limit: paging.limit + 1,
            on: pool
        )
        return paging.page(withdrawals, cursor: { $0.id.description }) { WithdrawalDocument.write($0, to: &$1) }
    }
}

/// `GET /v1/withdrawals/{id}`.
struct GetWithdrawal: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let id = try call.identifier("id") { WithdrawalID($0) }
        let command = WithdrawalStore.find([id])
        let result = try await pool.execute(command.statement, command.parameters)
        guard let withdrawal = try WithdrawalStore.decode(result).first else { throw Problem(.notFound) }
        return .bytes(WithdrawalDocument.bytes(withdrawal), contentType: "application/json")
    }
}
