import Gateway
import Payments
import StrictJSON

/// Reads the body of `POST /v1/charges`.
enum ChargeRequestReader {
    /// The request, well formed.
    ///
    /// - Throws: `Problem` that names the member at fault.
    static func read(_ object: JSONObject) throws(Problem) -> ChargeRequest {
        var reader = ObjectReader(object)
        let orderID = try reader.text("order_id")
        let amount = try reader.amount()
        let method = try method(&reader)
        let details = try details(&reader)
        let request = ChargeRequest(
            orderID: orderID,
            orderNumber: try reader.optionalText("order_number"),
            customerID: try reader.optionalText("customer_id"),
            amount: amount,
            method: method,
            capture: try capture(&reader),
            cardToken: details.cardToken,
            coin: details.coin,
            returnURL: try returnURL(&reader),
            expiresIn: try reader.optionalInteger("expires_in", in: 1...31_536_000).map { .seconds($0) },
            metadata: try metadata(&reader)
        )
        try reader.finish()
        return request
    }

    private static func method(_ reader: inout ObjectReader) throws(Problem) -> ChargeMethod {
        guard let method = ChargeMethod(rawValue: try reader.text("method")) else {
            throw .field(
                reader.pointer("method"),
                "The method must be one of card, paypal, promptpay, crypto, wallet.",
                code: .unknownMethod
            )
        }
        return method
    }

    private static func capture(_ reader: inout ObjectReader) throws(Problem) -> CaptureMode {
        guard let text = try reader.optionalText("capture") else { return .automatic }
        guard let mode = CaptureMode(rawValue: text) else {
            throw .field(reader.pointer("capture"), "This member must be automatic or manual.")
        }
        return mode
    }

    private static func details(_ reader: inout ObjectReader) throws(Problem) -> (cardToken: String?, coin: Asset?) {
        guard let object = try reader.optionalObject("payment_details") else { return (nil, nil) }
        var details = ObjectReader(object, at: reader.pointer("payment_details"))
        let token = try details.optionalText("card_token")
        let code = try details.optionalText("asset")
        let coin = code.flatMap(Asset.init(code:))
        guard code == nil || coin.map(Asset.coins.contains) == true else {
            throw .field(details.pointer("asset"), "This member must be BTC, ETH or USDT.")
        }
        try details.finish()
        return (token, coin)
    }

    private static func returnURL(_ reader: inout ObjectReader) throws(Problem) -> String? {
        guard let url = try reader.optionalText("return_url", lengthMax: 2000) else { return nil }
        let isWeb = url.hasPrefix("https://") || url.hasPrefix("http://")
        guard isWeb, url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .field(reader.pointer("return_url"), "This member must be an http or https address.")
        }
        return url
    }

    private static func metadata(_ reader: inout ObjectReader) throws(Problem) -> [MetadataItem] {
        guard let object = try reader.optionalObject("metadata") else { return [] }
        let pointer = reader.pointer("metadata")
        guard object.count <= 50 else { throw .field(pointer, "At most 50 notes are kept.") }
        var items: [MetadataItem] = []
        for member in object.members {
            guard case .string(let value) = member.value, member.name.utf8.count <= 40, !member.name.isEmpty, value.utf8.count <= 500 else {
                throw .field(pointer, "Notes are strings of at most 500 bytes under names of 1 to 40 bytes.")
            }
            items.append(MetadataItem(name: member.name, value: value))
        }
        return items
    }
}
