import StrictJSON
import TestSupport
import Testing

@Suite("Signatures of notifications, verified by the Standard Webhooks library", .enabled(if: PythonEnvironment.isAvailable))
struct NotificationSignatureTests {
    private static let newSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
    private static let strangeSecret = "whsec_" + String(repeating: "A", count: 32)

    @Test("each configured secret verifies, another does not, nor does anything that was changed")
    func signatures() async throws {
        let changes = ["ORDER_CORE_WEBHOOK_SECRET": "\(Self.newSecret) \(Stage.orderCoreSecret)"]
        try await Stage.run(changes: changes, simulators: ["stripe"]) { stage, _ in
            let receiver = try await NotificationReceiver.start(for: stage)
            defer { receiver.end() }
            let body = #"{"order_id":"คำสั่งซื้อ","amount":"150.00","currency":"THB","method":"promptpay"}"#
            let charge = try await stage.createCharge(body).json
            let card = try await stage.createCard()
            #expect(try await receiver.heard(charge["id"]?.string, ["charge.requires_action"]))
            #expect(try await receiver.heard(card["id"]?.string, ["charge.succeeded"]))
            for secret in [Self.newSecret, Stage.orderCoreSecret] {
                let (status, lines) = try await PythonEnvironment.run(
                    PythonEnvironment.script("notification_signatures"),
                    arguments: [receiver.folder.path, secret, Self.strangeSecret]
                )
                #expect(status == 0 && lines.last == "verified 2", "\(lines.joined(separator: "\n"))")
            }
        }
    }
}
