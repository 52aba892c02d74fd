import Hummingbird
import Payments
import PostgreSQL
import QRCodes
import Storage

/// `GET /v1/charges/{id}/qr.png` and `qr.svg`.
struct ChargeQRImage: Sendable {
    /// The two forms of the picture.
    enum Form: Sendable {
        case png
        case svg
    }

    let pool: ConnectionPool
    let form: Form

    private static let sizeDefault = 512

    func answer(_ call: Call) async throws -> Response {
        let id = try call.identifier("id") { ChargeID($0) }
        let size = try size(call)
        guard let action = try await ChargeReads.charge(id, on: pool)?.nextAction, let payload = ChargeQRImage.payload(of: action) else {
            throw Problem(.notFound, detail: "The charge shows no QR.")
        }
        let symbol = try QRSymbol(payload)
        switch form {
        case .png: return .bytes(try symbol.png(fittingPixels: size), contentType: "image/png")
        case .svg: return .bytes(Array(symbol.svg(pixels: size).utf8), contentType: "image/svg+xml")
        }
    }

    private static func payload(of action: NextAction) -> String? {
        switch action {
        case .displayQR(let payload, _): payload
        case .sendCrypto(_, let uri, _, _): uri
        case .redirect: nil
        }
    }

    private func size(_ call: Call) throws(Problem) -> Int {
        guard let text = call.query("size") else { return ChargeQRImage.sizeDefault }
        guard let size = Int(text), QRSymbol.pictureSides.contains(size) else {
            throw Problem(.invalidRequest, detail: "size must be a number of pixels from 64 to 4096.")
        }
        return size
    }
}
