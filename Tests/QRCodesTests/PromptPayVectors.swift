import Foundation

/// The payloads of the PromptPay provider's vectors, and where the project begins.
struct PromptPayVectors: Decodable {
    struct Entry: Decodable {
        let id: String
        let payload: String?
    }

    let valid: [Entry]
    let slip: [Entry]
    let qrImage: [Entry]

    private enum CodingKeys: String, CodingKey {
        case valid, slip
        case qrImage = "qr_image"
    }

    static func load() throws -> PromptPayVectors {
        let file = projectRoot().appending(path: "providers/promptpay/vectors.json")
        return try JSONDecoder().decode(PromptPayVectors.self, from: Data(contentsOf: file))
    }

    /// Every distinct payload, in a stable order.
    var payloads: [String] {
        Array(Set((valid + slip + qrImage).compactMap(\.payload))).sorted()
    }

    func payload(_ id: String) -> String? {
        (valid + slip + qrImage).first { $0.id == id }?.payload
    }

    /// The folder that holds `providers`, walking up from this file.
    static func projectRoot(source: String = #filePath) -> URL {
        var folder = URL(filePath: source)
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.appending(path: "providers/promptpay").path) {
            folder.deleteLastPathComponent()
        }
        return folder
    }
}
