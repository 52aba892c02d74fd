import StrictJSON

extension Stage {
    /// Asks for a charge in coins.
    func createCrypto(_ amount: String = "80.00", currency: String = "THB", coin: String = "BTC", expiresIn: Int? = nil) async throws
        -> JSONValue
    {
        let expiry = expiresIn.map { #","expires_in":\#($0)"# } ?? ""
        let details = #""payment_details":{"asset":"\#(coin)"}"#
        let body = #"{"order_id":"o","amount":"\#(amount)","currency":"\#(currency)","method":"crypto",\#(details)\#(expiry)}"#
        let answer = try await createCharge(body)
        guard answer.status < 300 else {
            throw StageError("the charge was answered \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
        }
        return answer.json
    }

    /// Tells the simulated chains what happens; returns the answer.
    @discardableResult
    func chain(_ order: String, _ members: [String: JSONValue]) async throws -> JSONValue {
        let body = JSONValue.object(JSONObject(members.map { ($0.key, $0.value) }))
        let answer = try await control(crypto("/_simulator/\(order)"), body.text)
        guard answer.status == 200 else { throw StageError("\(order) was answered \(answer.status)") }
        return answer.json
    }

    /// A customer sends units of the coin to a charge's invoice, all that is due when none are given; returns the transaction.
    func sendCoins(_ charge: JSONValue, units: String? = nil) async throws -> JSONValue {
        let invoice = charge["provider_reference"]?.string ?? ""
        let answer = try await chain("see", ["invoice": .string(invoice), "units": units.map { .string($0) } ?? .null])
        return answer["tx"] ?? .null
    }
}
