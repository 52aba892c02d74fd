import Foundation
import HTTPTypes
import StrictJSON
import TestSupport
import Testing

@Suite("From the request to the verified notification")
struct SpineTests {
    @Test("PromptPay, card, 3-D Secure and a declined card travel the whole way, and the books balance")
    func wholeWay() async throws {
        try await Stage.run { stage, _ in
            let promptPay = try await stage.createPromptPay()
            #expect(promptPay["status"]?.string == "requires_action")
            try await stage.pay(promptPay)
            let paid = try await stage.charge(promptPay["id"]?.string, becomes: "succeeded")
            #expect(paid["amount_captured"]?.string == "150.00" && paid["version"]?.int64 == 2)

            let card = try await stage.createCard()
            #expect(card["status"]?.string == "succeeded" && card["provider_reference"]?.string?.hasPrefix("pi_") == true)

            let secure = try await stage.createCard("pm_card_threeDSecure2Required")
            #expect(secure["status"]?.string == "requires_action" && secure["next_action"]?["type"]?.string == "redirect")
            let page = try #require(secure["next_action"]?["url"]?.string)
            #expect(try await stage.send(.get, page + "/complete").status == 303)
            _ = try await stage.charge(secure["id"]?.string, becomes: "succeeded")

            let failing = try await stage.createCard("pm_card_threeDSecure2Required")
            _ = try await stage.send(.get, (failing["next_action"]?["url"]?.string ?? "") + "/fail")
            #expect(
                try await stage.charge(failing["id"]?.string, becomes: "failed")["failure"]?["code"]?.string
                    == "payment_intent_authentication_failure"
            )

            let declined = try await stage.createCard("pm_card_visa_chargeDeclinedInsufficientFunds")
            #expect(declined["status"]?.string == "failed" && declined["failure"]?["code"]?.string == "insufficient_funds")

            #expect(try await stage.told(promptPay["id"]?.string, ["charge.requires_action", "charge.succeeded"]))
            #expect(try await stage.told(card["id"]?.string, ["charge.succeeded"]))
            #expect(try await stage.told(secure["id"]?.string, ["charge.requires_action", "charge.succeeded"]))
            #expect(try await stage.told(failing["id"]?.string, ["charge.requires_action", "charge.failed"]))
            #expect(try await stage.told(declined["id"]?.string, ["charge.failed"]))

            #expect(try await stage.balance("orders:payable:THB") == "630.00")
            #expect(try await stage.balance("provider:stripe:clearing:THB") == "480.00")
            #expect(try await stage.get("/v1/ledger/trial-balance").json["balanced"]?.bool == true)
            #expect(try await stage.booksAreRight())
        }
    }

    @Test(
        "the QR picture of a charge is read back by an independent decoder",
        .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/zbarimg"))
    )
    func picture() async throws {
        try await Stage.run(simulators: ["order-core"]) { stage, _ in
            let charge = try await stage.createPromptPay("1234.56")
            let id = try #require(charge["id"]?.string)
            let png = try await stage.get("/v1/charges/\(id)/qr.png?size=400")
            #expect(png.status == 200 && png.headers[.contentType] == "image/png")
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(id).png")
            try Data(png.body).write(to: file)
            defer { try? FileManager.default.removeItem(at: file) }
            let decoder = try ChildProcess("/usr/bin/zbarimg", ["-q", "--raw", file.path])
            _ = try await decoder.end()
            let line = try await decoder.line(containing: "000201", within: .seconds(30))
            #expect(line == charge["next_action"]?["qr_string"]?.string)
            let svg = try await stage.get("/v1/charges/\(id)/qr.svg")
            #expect(svg.status == 200 && String(decoding: svg.body, as: UTF8.self).contains("<svg"))
            #expect(try await stage.get("/v1/charges/\(id)/qr.png?size=1").status == 400)
        }
    }

    @Test("lists are paged newest first and narrowed by what they are asked for")
    func lists() async throws {
        try await Stage.run(simulators: ["order-core", "stripe"]) { stage, _ in
            var ids: [String] = []
            for _ in 0..<5 { ids.append(try #require(try await stage.createPromptPay()["id"]?.string)) }
            let card = try #require(try await stage.createCard()["id"]?.string)
            let first = try await stage.get("/v1/charges?limit=4").json
            #expect(first["data"]?.array?.compactMap { $0["id"]?.string } == [card] + ids.reversed().prefix(3))
            #expect(first["has_more"]?.bool == true)
            let rest = try await stage.get("/v1/charges?limit=4&after=\(first["next"]?.string ?? "")").json
            #expect(rest["data"]?.array?.count == 2 && rest["has_more"]?.bool == false)
            #expect(try await stage.get("/v1/charges?method=card").json["data"]?.array?.count == 1)
            #expect(try await stage.get("/v1/charges?status=requires_action&order_id=o").json["data"]?.array?.count == 5)
            #expect(try await stage.get("/v1/charges?limit=0").status == 400)
            #expect(try await stage.get("/v1/charges?status=nonsense").status == 400)
        }
    }
}
