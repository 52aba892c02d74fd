import Gateway
import HTTPTypes
import Hummingbird
import NIOCore
import Payments
import StrictJSON

/// The answer to a call that credits wallets, written while it is sent: it has a result for each of up to ten thousand lines.
struct WalletCreditAnswer: Sendable {
    let call: WalletCreditCall
    let results: [WalletCreditResult]

    private static let pieceBytes = 32 * 1024

    /// The same call with the same results always gives the same bytes.
    func response(isReplay: Bool) -> Response {
        var response = Response(
            status: .ok,
            headers: [.contentType: "application/json", .cacheControl: "no-store", .xContentTypeOptions: "nosniff"],
            body: ResponseBody { writer in
                var piece = begin()
                for (index, (credit, result)) in zip(call.credits, results).enumerated() {
                    if index > 0 { piece.append(UInt8(ascii: ",")) }
                    WalletCreditAnswer.write(credit.reference, result, to: &piece)
                    if piece.count >= WalletCreditAnswer.pieceBytes {
                        try await writer.write(ByteBuffer(bytes: piece))
                        piece.removeAll(keepingCapacity: true)
                    }
                }
                piece.append(contentsOf: "]}".utf8)
                try await writer.write(ByteBuffer(bytes: piece))
                try await writer.finish(nil)
            }
        )
        if isReplay { response.headers[.idempotencyReplayed] = "true" }
        return response
    }

    /// The summary, left open for the results.
    private func begin() -> [UInt8] {
        var bytes = WalletCreditDocument.json(call.summary(results)).serialized()
        bytes.removeLast()
        bytes.reserveCapacity(WalletCreditAnswer.pieceBytes + 1024)
        bytes.append(contentsOf: #","results":["#.utf8)
        return bytes
    }

    private static func write(_ reference: String, _ result: WalletCreditResult, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: #"{"reference":"#.utf8)
        bytes.append(contentsOf: JSONValue.string(reference).serialized())
        bytes.append(contentsOf: #","result":""#.utf8)
        bytes.append(contentsOf: result.outcome.utf8)
        if let code = result.code {
            bytes.append(contentsOf: #"","code":""#.utf8)
            bytes.append(contentsOf: code.utf8)
        }
        bytes.append(contentsOf: #""}"#.utf8)
    }
}
