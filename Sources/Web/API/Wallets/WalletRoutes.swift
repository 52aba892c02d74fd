import Foundation
import Gateway
import Hummingbird
import HTTPTypes
import Payments
import PostgreSQL
import Storage
import StrictJSON

/// The addresses of customers' wallets.
enum WalletRoutes {
    /// What is read, and credits in bulk.
    static func all(_ parts: WebParts) -> [Route] {
        [
            Route(.get, "/v1/wallets/{customer_id}", .scope(.walletsRead), GetWallets(pool: parts.reading).answer),
            Route(.get, "/v1/wallets/{customer_id}/entries", .scope(.walletsRead), ListWalletEntries(pool: parts.reading).answer),
            Route(.post, "/v1/wallet-credits", .scope(.walletsWrite), CreateWalletCredits(credits: parts.walletCredits).answer),
        ]
    }
}

/// `GET /v1/wallets/{customer_id}`.
struct GetWallets: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let customer = try call.customerID()
        guard let wallets = try await WalletReads.wallets(of: customer, on: pool) else { throw Call.noCustomerID }
        return .json(.object(JSONObject([("customer_id", .string(customer)), ("balances", .array(wallets.map(GetWallets.balance)))])))
    }

    private static func balance(_ wallet: AccountStanding) -> JSONValue {
        .object(
            JSONObject([
                ("currency", .string(wallet.account.asset.code)),
                ("posted", .string(wallet.balance.decimal)),
                ("held", .string(wallet.held.decimal)),
                ("available", .string(wallet.available.decimal)),
            ])
        )
    }
}

/// `GET /v1/wallets/{customer_id}/entries`.
struct ListWalletEntries: Sendable {
    let pool: ConnectionPool

    func answer(_ call: Call) async throws -> Response {
        let customer = try call.customerID()
        let paging = try Paging(call)
        let entries = try await WalletReads.entries(
            of: customer,
            asset: try call.queryValue("currency", Asset.init(code:)),
            before: try paging.after { WalletCursor($0) },
            limit: paging.limit + 1,
            on: pool
        )
        guard let entries else { throw Call.noCustomerID }
        return paging.page(entries, cursor: { $0.cursor.description }) { LedgerDocument.accountEntry($0.entry, withCurrency: true) }
    }
}

extension Call {
    /// The order core may give its customers any id, but only some can have a wallet.
    static let noCustomerID = Problem(
        .invalidRequest,
        detail: "The customer id of a wallet has 1 to 64 characters of A-Z a-z 0-9 . _ -"
    )

    /// The customer whose wallets the path names.
    ///
    /// - Throws: `Problem` when it is no text.
    func customerID() throws(Problem) -> String {
        guard let text = parameters.get("customer_id")?.removingPercentEncoding else { throw Call.noCustomerID }
        return text
    }
}
