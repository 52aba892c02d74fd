import Foundation
import HTTPTypes
import StrictJSON
import TestSupport
import Testing

extension ContractTour {
    /// A slip that can be read, of a transfer that nobody has made.
    static let someSlip = "0041000600000101030040220013071152533APM077365102TH91048134"

    /// The body that shows a slip.
    static func slip(_ text: String) -> String { #"{"qr":"\#(text)"}"# }

    /// Slips that are good, used, wrong, unreadable, and shown while the bank is away.
    func slips() async throws {
        let charge = try await stage.createPromptPay()
        let path = "/v1/charges/\(charge["id"]?.string ?? "")/slips"
        let text = try await stage.payUnheard(charge)
        for _ in 0..<2 {
            let answer = try await traffic.create(stage, Self.slip(text), at: path, key: nil)
            #expect(answer.status == 200 && answer.json["status"]?.string == "succeeded")
        }
        let other = try await stage.createPromptPay()
        let otherPath = "/v1/charges/\(other["id"]?.string ?? "")/slips"
        #expect(try await traffic.create(stage, Self.slip(text), at: otherPath).code == "slip_other_charge")
        let third = try await stage.createPromptPay()
        let thirdPath = "/v1/charges/\(third["id"]?.string ?? "")/slips"
        // A bill without a reference, shown for two charges of the same amount.
        let bare = try await stage.payUnheard(charge, #","reference1":"""#)
        #expect(try await traffic.create(stage, Self.slip(bare), at: otherPath).status == 200)
        #expect(try await traffic.create(stage, Self.slip(bare), at: thirdPath).code == "slip_already_used")
        for (body, code) in [
            (Self.slip(Self.someSlip), "slip_unknown"), (Self.slip("ABCD"), "slip_unreadable"), ("{}", "invalid_request"),
            (#"{"qr":7}"#, "invalid_request"), (#"{"qr":""}"#, "invalid_request"), (#"{"qr":"A","more":1}"#, "invalid_request"),
            (Self.slip(String(repeating: "1", count: 513)), "invalid_request"), ("[", "malformed_json"),
        ] {
            #expect(try await traffic.create(stage, body, at: thirdPath).code == code, "\(body.prefix(80))")
        }
        #expect(try await traffic.create(stage, "{}", at: thirdPath, contentType: "text/plain").status == 415)
        #expect(try await traffic.create(stage, Self.slip(String(repeating: "1", count: 5000)), at: thirdPath).status == 413)
        for id in ["nonsense", "ch_00000000000000000000000000"] {
            #expect(try await traffic.create(stage, Self.slip(Self.someSlip), at: "/v1/charges/\(id)/slips").code == "not_found")
        }
        try await stage.control(stage.bank("/_simulator/misbehaviour"), #"{"status":500}"#)
        #expect(try await traffic.create(stage, Self.slip(Self.someSlip), at: thirdPath).status == 503)
    }
}
