import HTTPTypes
import StrictJSON

@testable import Providers

/// Answers requests one after the other and keeps them.
actor ScriptedBank {
    private(set) var requests: [ProviderRequest] = []
    private var answers: [ProviderAnswer]

    init(_ answers: [ProviderAnswer]) { self.answers = answers }

    func answer(_ request: ProviderRequest) -> ProviderAnswer {
        requests.append(request)
        return answers.isEmpty ? .unknown(reason: "no more answers") : answers.removeFirst()
    }

    static func answered(_ status: Int, _ body: [UInt8], _ headers: HTTPFields = [:]) -> ProviderAnswer {
        .answered(status: status, headers: headers, body: body)
    }

    static func json(_ value: JSONValue, status: Int = 200) -> ProviderAnswer {
        .answered(status: status, headers: [:], body: value.serialized())
    }

    /// SCB's envelope.
    static func good(_ data: JSONValue) -> ProviderAnswer {
        json(["status": ["code": 1000, "description": "Success"], "data": data])
    }

    static let token = good(["accessToken": "T1", "tokenType": "Bearer", "expiresIn": 1800])
}
