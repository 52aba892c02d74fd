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
        labels.purpose = input["purpose"]?.string
        return try PromptPayPayload(
            target: target,
            amount: amountText.map { try PromptPayAmount(text: $0) },
            labels: labels,
            initiation: input["poi"]?.string.flatMap(PointOfInitiation.init(rawValue:)),
            isCrossBorder: input["cross_border"]?.bool ?? false
        ).text
    }

    @Test("every valid input gives its payload, byte for byte")
    func valid() throws {
        var checked = 0
        for vector in Self.file["valid"]?.array ?? [] {
            let input = try #require(vector["input"])
            #expect(
                try payload(input, amountText: vector["amount_text"]?.string) == vector["payload"]?.string,
                "\(vector["id"]?.string ?? "")"
            )
            checked += 1
        }
        #expect(checked >= 36)
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

    @Test("every slip is read, mended or refused as it should")
    func slips() throws {
        for vector in Self.file["slip"]?.array ?? [] {
            let name = vector["id"]?.string ?? ""
            let text = try #require(vector["payload"]?.string)
            guard vector["expect"]?.string?.hasPrefix("accept") == true else {
                #expect(throws: SlipError.self, "\(name)") { try Slip(text: text) }
                continue
            }
            #expect(try Slip(text: text) == Slip(text: text + "\r\n"), "\(name)")
            switch try Slip(text: text) {
            case .bank(let slip):
                #expect(slip.sendingBank == vector["sending_bank"]?.string, "\(name)")
                #expect(slip.transactionReference == vector["trans_ref"]?.string, "\(name)")
            case .trueMoney(let eventType, let transaction, let date):
                #expect(eventType == vector["event_type"]?.string && transaction == vector["transaction_id"]?.string, "\(name)")
                #expect(date == vector["date"]?.string, "\(name)")
            }
        }
    }

    @Test("every barcode of a bill is written and read")
    func barcodes() throws {
        for vector in Self.file["barcode"]?.array ?? [] {
            let satang = vector["amount_satang"]?.int64
            let reference2 = vector["ref2"]?.string ?? ""
            let barcode = try BillBarcode(
                billerID: vector["biller_id"]?.string ?? "",
                reference1: vector["ref1"]?.string ?? "",
                reference2: reference2.isEmpty ? nil : reference2,
                amount: satang.map { try PromptPayAmount(Amount(minorUnits: Int128($0), asset: .thb)) }
            )
            let text = try #require(vector["text"]?.string)
            #expect(barcode.text == text)
            #expect(try BillBarcode(text: text) == barcode)
            // What is cut within the amount is another amount: there is no checksum.
            let head = text.unicodeScalars.count - String(satang ?? 0).unicodeScalars.count
            for length in 0...head {
                let cut = String(String.UnicodeScalarView(text.unicodeScalars.prefix(length)))
                #expect(throws: PromptPayError.self, "\(length)") { try BillBarcode(text: cut) }
            }
        }
        for wrong in [
            "", "|", "010556207402701\rR1\r\r0", "|010556207402701\r\nR1\r\n\r\n0", "|010556207402701\rR1\r\r00",
            "|010556207402701\rR1\r\r1.00",
        ] {
            #expect(throws: PromptPayError.self, "\(wrong)") { try BillBarcode(text: wrong) }
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
