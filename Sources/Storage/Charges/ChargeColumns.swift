package import Payments
package import PostgreSQL
import StrictJSON

/// How a charge stands in its row.
enum ChargeColumns {
    /// The columns of table `charges c`, in the order in which `charge` reads them.
    static let list = """
        c.id, c.order_id, c.order_number, c.customer_id, c.amount, c.asset, c.method, c.capture, c.card_token, c.return_url, c.expires_at,
        c.metadata, c.provider, c.provider_reference, c.status, c.amount_captured, c.amount_refunded, c.next_action, c.failure, c.paid_by,
        c.last_fact_at, c.created_at, c.updated_at, c.version, c.amount_lost, c.coin
        """

    /// Reads a row that was selected as `list`.
    static func charge(_ row: Row) throws -> Charge {
        let asset = try row.value(5, Asset.init(code:))
        var charge = Charge(
            id: try row.identifier(0),
            order: try order(row, asset),
            provider: ProviderName(try row.text(12)),
            createdAt: try row.instant(21)
        )
        charge.providerReference = try row.optionalText(13)
        charge.status = try row.value(14, ChargeStatus.init(rawValue:))
        charge.amountCaptured = try row.amount(15, asset: asset)
        charge.amountRefunded = try row.amount(16, asset: asset)
        charge.nextAction = try row.optionalValue(17, nextAction)
        charge.failure = try row.optionalValue(18, failure)
        charge.paidBy = try row.optionalText(19)
        charge.lastFactAt = try row.optionalInstant(20) ?? never
        charge.updatedAt = try row.instant(22)
        charge.version = try row.int64(23)
        charge.amountLost = try row.amount(24, asset: asset)
        return charge
    }

    private static func order(_ row: Row, _ asset: Asset) throws -> ChargeOrder {
        ChargeOrder(
            orderID: try row.text(1),
            orderNumber: try row.optionalText(2),
            customerID: try row.optionalText(3),
            amount: try row.amount(4, asset: asset),
            method: try row.value(6, ChargeMethod.init(rawValue:)),
            capture: try row.value(7, CaptureMode.init(rawValue:)),
            cardToken: try row.optionalText(8),
            coin: try row.optionalValue(25) { Asset(code: $0) } ?? nil,
            returnURL: try row.optionalText(9),
            expiresAt: try row.optionalInstant(10),
            metadata: try metadata(try row.text(11))
        )
    }

    // MARK: Texts

    private static let never = Timestamp(microseconds: .min)

    /// "No fact yet" is NULL.
    static func stored(_ instant: Timestamp) -> Int64? {
        instant == never ? nil : instant.microseconds
    }

    static func text(of metadata: [MetadataItem]) -> String {
        JSONValue.object(JSONObject(metadata.map { ($0.name, .string($0.value)) })).text
    }

    static func text(of action: NextAction) -> String {
        switch action {
        case .displayQR(let payload, let expiresAt):
            let expiry = expiresAt.map { JSONValue.string($0.rfc3339) } ?? .null
            return JSONValue.object(JSONObject([("type", .string("display_qr")), ("payload", .string(payload)), ("expires_at", expiry)]))
                .text
        case .sendCrypto(let address, let uri, let amount, let expiresAt):
            return JSONValue.object(
                JSONObject([
                    ("type", .string("send_crypto")), ("address", .string(address)), ("uri", .string(uri)),
                    ("asset", .string(amount.asset.code)), ("amount", .string(amount.decimal)),
                    ("expires_at", expiresAt.map { .string($0.rfc3339) } ?? .null),
                ])
            ).text
        case .redirect(let url):
            return JSONValue.object(JSONObject([("type", .string("redirect")), ("url", .string(url))])).text
        }
    }

    static func text(of failure: ChargeFailure) -> String {
        JSONValue.object(
            JSONObject([
                ("code", .string(failure.code)), ("message", .string(failure.message)),
                ("provider_code", failure.providerCode.map { .string($0) } ?? .null), ("retryable", .bool(failure.isRetryable)),
            ])
        ).text
    }

    private static func metadata(_ text: String) throws -> [MetadataItem] {
        guard let object = try JSONValue.parse(Array(text.utf8)).object else { throw StorageError("metadata is no object") }
        return object.members.compactMap { member in member.value.string.map { MetadataItem(name: member.name, value: $0) } }
    }

    private static func nextAction(_ text: String) throws -> NextAction {
        let value = try JSONValue.parse(Array(text.utf8))
        if let payload = value["payload"]?.string {
            return .displayQR(payload: payload, expiresAt: value["expires_at"]?.string.flatMap(Timestamp.init(rfc3339:)))
        }
        if let address = value["address"]?.string {
            guard let uri = value["uri"]?.string, let asset = value["asset"]?.string.flatMap(Asset.init(code:)),
                let amount = try? Amount(decimal: value["amount"]?.string ?? "", asset: asset)
            else { throw StorageError("next_action is not known") }
            let expiresAt = value["expires_at"]?.string.flatMap(Timestamp.init(rfc3339:))
            return .sendCrypto(address: address, uri: uri, amount: amount, expiresAt: expiresAt)
        }
        guard let url = value["url"]?.string else { throw StorageError("next_action is not known") }
        return .redirect(url: url)
    }

    static func failure(_ text: String) throws -> ChargeFailure {
        let value = try JSONValue.parse(Array(text.utf8))
        guard let code = value["code"]?.string, let message = value["message"]?.string else { throw StorageError("failure is not known") }
        return ChargeFailure(
            code: code,
            message: message,
            providerCode: value["provider_code"]?.string,
            isRetryable: value["retryable"]?.bool ?? false
        )
    }
}

extension ChargeStore {
    /// Reads charges that one of the statements selected.
    package static func decode(_ result: QueryResult) throws -> [Charge] {
        try result.rows.map(ChargeColumns.charge)
    }
}
