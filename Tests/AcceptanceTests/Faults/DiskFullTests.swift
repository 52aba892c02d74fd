import Glibc
import HTTPTypes
import StrictJSON
import TestSupport
import Testing

/// Scenario 20: the disk of the database is full.
@Suite("When the disk is full")
struct DiskFullTests {
    @Test(
        "webhooks and orders are put off, the gateway is not ready but alive, and all is well once there is room",
        .enabled(if: SmallDisk.isAvailable, "only root may mount a file system")
    )
    func full() async throws {
        let disk = try SmallDisk(megabytes: 160)
        defer { disk.remove() }
        let stage = try Stage(database: nil, changes: ["TRUVAPAY_HOME": disk.path + "/home"])
        let around = try await stage.startSimulators(["order-core"])
        defer { around.send(SIGKILL) }
        let gateway = try await stage.startGateway()
        let charge = try await stage.createPromptPay()
        disk.fill()
        let refused = try await Self.pressUntilRefused(stage)
        #expect(refused.status == 503 && refused.headers[.retryAfter] != nil && refused.code == "unavailable")
        let order = #"{"order_id":"o","amount":"1.00","currency":"THB","method":"promptpay"}"#
        #expect(try await waitUntil(.seconds(90)) { try await stage.createCharge(order).status == 503 })
        let ready = try await stage.get("/health/ready")
        #expect(ready.status == 503 && ready.json["obstacles"]?.array?.isEmpty == false, "\(ready.json.text) \(gateway.lines.suffix(9))")
        #expect(try await stage.get("/health/live").status == 200)
        disk.makeRoom()
        let confirmation = Stage.confirmation(reference: charge["provider_reference"]?.string ?? "", amount: "150.00")
        #expect(try await waitUntil(.seconds(90)) { try await stage.postBank(confirmation).status == 200 })
        #expect(try await waitUntil(.seconds(90)) { try await stage.get("/health/ready").status == 200 })
        #expect(try await stage.told(charge["id"]?.string, ["charge.requires_action", "charge.succeeded"]))
        #expect(try await stage.settled())
        let events = try await stage.all("/v1/webhook-events")
        #expect(events.allSatisfy { ["processed", "ignored"].contains($0["status"]?.string) })
        gateway.send(SIGTERM)
        #expect(try await gateway.end(within: .seconds(60)) == 0)
        #expect(try await stage.booksAreRight())
    }

    /// Posts payments for nobody until one is put off; whatever comes before is taken.
    private static func pressUntilRefused(_ stage: Stage) async throws -> Stage.Answer {
        for index in 0..<20_000 {
            let answer = try await stage.postBank(Stage.confirmation(reference: "NOBODY\(index)", amount: "1.00"))
            guard answer.status == 200 else { return answer }
        }
        throw StageError("nothing was put off")
    }
}
