import Payments
import StrictJSON
import TestSupport
import Testing

@testable import Providers

/// The vectors of `providers/promptpay/vectors.json`, each agreed on by at least two other libraries.
@Suite("PromptPay vectors")
struct PromptPayVectorsTests {
    private static let file = (try? JSONValue.parse(Fixture.bytes("providers/promptpay/vectors.json"), policy: .provider)) ?? .null

    private func target(_ input: JSONValue) throws -> PromptPayTarget? {
        if let biller = input["biller_id"]?.string {
            return try .biller(biller, reference1: input["ref1"]?.string ?? "", reference2: input["ref2"]?.string)
        }
        let text = input["target"]?.string ?? ""
        return switch input["type"]?.string {
        case "mobile": try .mobile(text)
        case "tax_id", "national_id": try .taxID(text)
        case "ewallet": try .ewallet(text)
        case "bank_account": try .bankAccount(text)
        default: nil
        }
    }

    private func payload(_ input: JSONValue, amountText: String?) throws -> String? {
        guard let target = try target(input) else { return nil }
        var labels = PromptPayLabels()
        labels.merchantName = input["merchant_name"]?.string
        labels.merchantCity = input["merchant_city"]?.string
        labels.billNumber = input["bill_number"]?.string
        labels.reference = input["reference_label"]?.string
        labels.terminal = input["terminal"]?.string
        return try PromptPayPayload(target: target, amount: amountText.map { try PromptPayAmount(text: $0) }, labels: labels).text
    }

    @Test("every valid input gives its payload, byte for byte")
    func valid() throws {
        var checked = 0
        for vector in Self.file["valid"]?.array ?? [] {
            let input = try #require(vector["input"])
            // Cross-border bills and a forced point of initiation are not made by us.
            guard input["cross_border"] == nil, input["poi"] == nil else { continue }
            #expect(
                try payload(input, amountText: vector["amount_text"]?.string) == vector["payload"]?.string,
                "\(vector["id"]?.string ?? "")"
            )
            checked += 1
        }
        #expect(checked >= 30)
    }

    @Test("every bad input is refused for its reason")
    func refused() throws {
        for vector in Self.file["refuse"]?.array ?? [] {
            let input = try #require(vector["input"])
            let error = #expect(throws: PromptPayError.self, "\(vector["id"]?.string ?? "")") {
                try payload(input, amountText: input["amount"]?.string)
            }
            #expect(error?.rawValue == vector["error"]?.string, "\(vector["id"]?.string ?? "")")
        }
    }

    @Test("every payload is read or refused as it should")
    func parse() throws {
        for vector in Self.file["parse"]?.array ?? [] {
            let payload = try #require(vector["payload"]?.string)
            let name = vector["id"]?.string ?? ""
            if vector["expect"]?.string == "accept" {
                let parsed = try PromptPayParser.parse(payload)
                #expect(try PromptPayParser.parse(payload + "\r\n") == parsed)
                if let satang = vector["amount_satang"]?.int64 { #expect(parsed.amount?.minorUnits == Int128(satang), "\(name)") }
            } else {
                #expect(throws: PromptPayError.self, "\(name)") { try PromptPayParser.parse(payload) }
            }
        }
    }

    @Test("every alternative order of fields is read too")
    func alternatives() throws {
        for vector in Self.file["valid"]?.array ?? [] {
            for payload in (vector["accepted_alternative_payloads"]?.array ?? []).compactMap(\.string) + [vector["payload"]?.string ?? ""] {
                #expect(throws: Never.self, "\(vector["id"]?.string ?? "")") { try PromptPayParser.parse(payload) }
            }
        }
    }

    @Test("a payload cut at any character is refused, a random one never crashes")
    func damage() throws {
        let payload = try #require(Self.file["valid"]?.array?.first?["payload"]?.string)
        for length in 0..<payload.count {
            #expect(throws: PromptPayError.self) { try PromptPayParser.parse(String(payload.prefix(length))) }
        }
        var random = SeededRandom.printed("promptpay payloads")
        for _ in 0..<5000 {
            var bytes = Array(payload.utf8)
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 32...126, using: &random)
            _ = try? PromptPayParser.parse(String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test("checksums")
    func checksums() {
        for check in Self.file["crc"]?["checks"]?.array ?? [] {
            #expect(CRC16.hexadecimal(Array((check["text"]?.string ?? "").utf8)) == check["crc"]?.string)
        }
    }

    @Test("check digits of Thai ids")
    func thaiIDs() {
        for check in Self.file["thai_id_check_digit"]?["cases"]?.array ?? [] {
            #expect(ThaiID.hasRightCheckDigit(check["id"]?.string ?? "") == check["valid"]?.bool, "\(check["id"]?.string ?? "")")
        }
    }

    @Test(
        "without a prefix only what cannot be mistaken is taken",
        arguments: [
            ("0812345678", PromptPayTarget.mobile(wire: "0066812345678")), ("mobile:081-234-5678", .mobile(wire: "0066812345678")),
            ("0105562074027", .taxID(digits: "0105562074027")), ("tax_id:1111111111111", .taxID(digits: "1111111111111")),
            ("012345678901234", .ewallet(digits: "012345678901234")),
        ]
    )
    func targets(text: String, target: PromptPayTarget) throws {
        #expect(try PromptPayTarget(text: text) == target)
    }

    @Test(
        "what could be several things is refused",
        arguments: ["0066812345678", "1111111111112", "12345", "0212345678", "someone:123", ""]
    )
    func ambiguous(text: String) {
        #expect(throws: PromptPayError.self) { try PromptPayTarget(text: text) }
    }
}
