import Gateway
import HTTPTypes
import Hummingbird
import Payments
import PostgreSQL
import Providers
import StrictJSON

/// An error that renders itself as problem details (RFC 9457); handlers only throw.
struct Problem: Error, Sendable {
    let code: ProblemCode
    /// What is wrong this time, in words that are safe to show.
    let detail: String?
    /// Members of the body that are at fault, by JSON pointer (RFC 6901).
    let fields: [FieldProblem]
    let headers: HTTPFields

    /// Describes a refusal.
    init(_ code: ProblemCode, detail: String? = nil, fields: [FieldProblem] = [], headers: HTTPFields = [:]) {
        self.code = code
        self.detail = detail
        self.fields = fields
        self.headers = headers
    }

    /// One member at fault.
    struct FieldProblem: Sendable, Hashable {
        let pointer: String
        let detail: String
    }

    /// A member at fault with the code that says how.
    static func field(_ pointer: String, _ detail: String, code: ProblemCode = .invalidRequest) -> Problem {
        Problem(code, detail: detail, fields: [FieldProblem(pointer: pointer, detail: detail)])
    }

    /// Something is down; the caller may come again soon.
    static let unavailable = Problem(.unavailable, headers: [.retryAfter: "1"])

    /// Finds the problem behind any error a handler throws; what is not foreseen is an internal error without detail.
    static func of(_ error: any Error) -> Problem {
        switch error {
        case let problem as Problem: problem
        case let refusal as ChargeRefusal: Problem(ProblemCode(rawValue: refusal.rawValue) ?? .invalidRequest)
        case let refusal as ChargeOperationRefusal: Problem(ProblemCode(rawValue: refusal.rawValue) ?? .invalidRequest)
        case let refusal as SlipRefusal: Problem(ProblemCode(rawValue: refusal.rawValue) ?? .invalidRequest)
        case let refusal as WithdrawalRefusal: Problem(ProblemCode(rawValue: refusal.rawValue) ?? .invalidRequest)
        case let refusal as ManualEntryRefusal: refusal.problem
        case let refusal as LedgerRefusal: Problem(ProblemCode(rawValue: refusal.result.rawValue) ?? .internalError)
        case WalletCreditRefusal.batchReused: Problem(.batchReused)
        case is BatcherError, is IntentError, is WalletCreditRefusal, is SlipVerification.Unavailable: .unavailable
        case let error as PostgresError where error.isOutage: .unavailable
        case is HTTPError: Problem(.routeNotFound)
        default: Problem(.internalError)
        }
    }

    /// The answer; `instance` names the request for those who look into it.
    func answer(requestID: String) -> Answer {
        let errors = fields.map { JSONValue.object(JSONObject([("pointer", .string($0.pointer)), ("detail", .string($0.detail))])) }
        let (status, title) = code.answer
        let document = ProblemDocument(
            ProblemDocument.Kind(code: code.rawValue, status: status.code, title: title),
            detail: detail,
            errors: errors.isEmpty ? nil : .array(errors),
            instance: "urn:truvapay:request:\(requestID)"
        )
        var answer = Answer(document.bytes, contentType: ProblemDocument.contentType, status: status)
        for field in headers { answer.headers[field.name] = field.value }
        return answer
    }
}

extension ManualEntryRefusal {
    /// The refusal with the account that it is about.
    fileprivate var problem: Problem {
        Problem(ProblemCode(rawValue: code.rawValue) ?? .invalidRequest, detail: account.map { "The account is \($0.text)." })
    }
}
