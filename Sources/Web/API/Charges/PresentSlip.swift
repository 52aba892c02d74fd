import Gateway
import Hummingbird
import Payments

/// `POST /v1/charges/{id}/slips`.
struct PresentSlip: Sendable {
    let slips: SlipVerification

    private static let bodyBytesMax = 4 * 1024
    private static let textBytesMax = 512

    func answer(_ call: Call) async throws -> Response {
        let id = try call.identifier("id") { ChargeID($0) }
        var reader = ObjectReader(try await BodyReading.object(of: call.request, limit: PresentSlip.bodyBytesMax))
        let text = try reader.text("qr", lengthMax: PresentSlip.textBytesMax)
        try reader.finish()
        guard let charge = try await slips.present(text, for: id) else { throw Problem(.notFound) }
        return .bytes(ChargeDocument.bytes(charge), contentType: "application/json")
    }
}
