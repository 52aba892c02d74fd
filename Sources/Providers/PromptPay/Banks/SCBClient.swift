import Cryptography
import HTTPTypes
import Payments
import StrictJSON
import Synchronization

/// Asks SCB's API: a token first, which is kept while it is good, then the question.
///
/// SCB answers in an envelope, `{"status": {"code": 1000, …}, "data": …}`; 1000 is good.
final class SCBClient: Sendable {
    private let access: SCBAccess
    private let token = Mutex<Token?>(nil)

    private struct Token {
        let text: String
        let goodUntil: Timestamp
    }

    /// What came of a question.
    enum Answer<Value: Sendable>: Sendable {
        case answered(Value)
        case notDone(reason: String, retryAfter: Duration?)
        case unknown(reason: String, retryAfter: Duration?)
    }

    private static let good: Int64 = 1000
    /// SCB, "Payment confirmation" and "Bill payment inquiry": the event code of payments by tag 30.
    private static let billPayment = "00300100"
    /// Less than the shortest life of a token.
    private static let tokenLife = Duration.seconds(600)

    init(access: SCBAccess) {
        self.access = access
    }

    /// Every payment to a biller under a reference on a day of Bangkok's; SCB, "Get bill payment inquiry".
    ///
    /// Without an amount, so that payments of a wrong amount are found too.
    func payments(
        to biller: String,
        reference1: String,
        on day: CivilDate,
        at now: Timestamp,
        send: ProviderSend
    ) async -> Answer<[BankConfirmation]> {
        let query = FormEncoding.encode([
            ("eventCode", SCBClient.billPayment), ("transactionDate", day.iso8601), ("billerId", biller), ("reference1", reference1),
        ])
        let path = "/v1/payment/billpayment/inquiry?\(query)"
        return await ask(path, at: now, send) { data throws(InterpretationError) -> [BankConfirmation] in
            guard let data, !data.isNull else { return [] }
            let rows = data.array?.map(\.value) ?? [data.value]
            // A payment that was reversed has come and gone.
            let standing = rows.filter { $0["reverseFlag"]?.string != "Y" }
            return try standing.map { row throws(InterpretationError) in try BankConfirmation(row) }
        } orElse: {
            []
        }
    }

    /// The transfer that a slip stands for; SCB, "Get bill payment transactions".
    func transfer(of slip: BankSlip, at now: Timestamp, send: ProviderSend) async -> SlipAnswer {
        let reference = FormEncoding.encode(slip.transactionReference)
        let path = "/v1/payment/billpayment/transactions/\(reference)?\(FormEncoding.encode([("sendingBank", slip.sendingBank)]))"
        let answer = await ask(path, at: now, send) { data throws(InterpretationError) -> SlipTransfer? in
            guard let data, !data.isNull else { return nil }
            return try SlipTransfer(data.value)
        } orElse: {
            nil
        }
        return switch answer {
        case .answered(.some(let transfer)): .transfer(transfer)
        case .answered(.none): .unknownSlip
        case .notDone(let reason, _), .unknown(let reason, _): .unavailable(reason: reason)
        }
    }

    /// Asks once, and a second time with a new token when the old one is refused.
    private func ask<Value: Sendable>(
        _ path: String,
        at now: Timestamp,
        _ send: ProviderSend,
        read: (JSONElement?) throws(InterpretationError) -> Value,
        orElse none: () -> Value
    ) async -> Answer<Value> {
        var isSecond = false
        while true {
            let text: String
            switch await currentToken(at: now, send) {
            case .answered(let token): text = token
            case .notDone(let reason, let retryAfter): return .notDone(reason: reason, retryAfter: retryAfter)
            case .unknown(let reason, let retryAfter): return .unknown(reason: reason, retryAfter: retryAfter)
            }
            var headers = headers(at: now)
            headers[.authorization] = "Bearer \(text)"
            let answer = await send(ProviderRequest(method: .get, url: access.apiBase + path, headers: headers))
            if case .answered(401, _, _) = answer, !isSecond {
                isSecond = true
                token.withLock { $0 = nil }
                continue
            }
            // "No such payment" is an answer.
            if case .answered(404, _, _) = answer { return .answered(none()) }
            return SCBClient.open(answer, read: read)
        }
    }

    private func currentToken(at now: Timestamp, _ send: ProviderSend) async -> Answer<String> {
        if let known = token.withLock({ $0 }), known.goodUntil > now { return .answered(known.text) }
        var headers = headers(at: now)
        headers[.contentType] = "application/json"
        let body = JSONValue.object(
            JSONObject([
                ("applicationKey", .string(access.apiKey.exposed)), ("applicationSecret", .string(access.apiSecret.exposed)),
            ])
        )
        let request = ProviderRequest(
            method: .post,
            url: access.apiBase + "/v1/oauth/token",
            headers: headers,
            body: body.serialized()
        )
        let answer = await send(request)
        if case .answered(let status, _, _) = answer, status == 400 || status == 401 || status == 403 {
            return .notDone(reason: "SCB refuses the key (\(status))", retryAfter: .seconds(30))
        }
        let opened = SCBClient.open(answer) { data throws(InterpretationError) -> String in
            guard let text = data?["accessToken"]?.string, !text.isEmpty else { throw InterpretationError("accessToken is missing") }
            return text
        }
        if case .answered(let text) = opened {
            token.withLock { $0 = Token(text: text, goodUntil: now.advanced(by: SCBClient.tokenLife)) }
        }
        return opened
    }

    /// Reads the envelope.
    private static func open<Value: Sendable>(
        _ answer: ProviderAnswer,
        read: (JSONElement?) throws(InterpretationError) -> Value
    ) -> Answer<Value> {
        switch answer {
        case .notSent(let reason): return .notDone(reason: reason, retryAfter: nil)
        case .unknown(let reason): return .unknown(reason: reason, retryAfter: nil)
        case .answered(let status, let headers, let body):
            let retryAfter = headers[.retryAfter].flatMap { Int($0) }.map { Duration.seconds(min(max($0, 0), 3600)) }
            guard status == 200, let root = try? JSONDocument(body, policy: .provider).root,
                root["status"]?["code"]?.int64 == good
            else { return .unknown(reason: "SCB answered \(status)", retryAfter: retryAfter) }
            do throws(InterpretationError) {
                return .answered(try read(root["data"]))
            } catch {
                return .unknown(reason: "SCB's answer cannot be read: \(error)", retryAfter: nil)
            }
        }
    }

    /// The request's own id is made of its moment; SCB wants one and compares it with nothing.
    private func headers(at now: Timestamp) -> HTTPFields {
        var headers: HTTPFields = [.accept: "application/json", .acceptLanguage: "EN"]
        headers[.resourceOwner] = access.apiKey.exposed
        headers[.requestUID] = "truvapay-\(now.microseconds)"
        return headers
    }
}

extension HTTPField.Name {
    static let resourceOwner = known("resourceOwnerId")
    static let requestUID = known("requestUId")
}
