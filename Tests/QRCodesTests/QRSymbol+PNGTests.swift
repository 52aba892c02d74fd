import Foundation
import QRCodes
import Testing

@Suite("QR codes as PNG")
struct QRSymbolPNGTests {
    @Test(
        "zbar reads every PromptPay payload back, at both levels",
        .enabled("zbar-tools is not installed") { try await IndependentDecoder.zbar.isInstalled }
    )
    func zbar() async throws {
        let payloads = try PromptPayVectors.load().payloads.filter { $0.utf8.allSatisfy { $0 < 0x80 } }
        #expect(payloads.count > 40)
        for correction in [QRSymbol.Correction.medium, .quartile] {
            let pictures = try payloads.map { try QRSymbol($0, correction: correction).png(modulePixels: 4) }
            #expect(try await IndependentDecoder.zbar.decode(pictures) == payloads)
        }
    }

    @Test(
        "zxing reads every PromptPay payload back, Thai included",
        .enabled("zxing-cpp is not installed") { try await IndependentDecoder.zxing.isInstalled }
    )
    func zxing() async throws {
        let payloads = try PromptPayVectors.load().payloads
        #expect(payloads.contains { $0.contains("สลากดี") })
        let pictures = try payloads.map { try QRSymbol($0).png(modulePixels: 3) }
        #expect(try await IndependentDecoder.zxing.decode(pictures) == payloads)
    }

    @Test("upper and lower case are kept", .enabled("zbar-tools is not installed") { try await IndependentDecoder.zbar.isInstalled })
    func letterCase() async throws {
        let payload = try #require(try PromptPayVectors.load().payload("qr-trap-01"))
        #expect(payload.contains("Salak Dee"))
        #expect(try await IndependentDecoder.zbar.decode([QRSymbol(payload).png(fittingPixels: 300)]) == [payload])
    }

    @Test(
        "a picture of any allowed size is read back",
        .enabled("zbar-tools is not installed") { try await IndependentDecoder.zbar.isInstalled }
    )
    func sizes() async throws {
        let payload = "00020101021129370016A0000006770101110113006680123456753037645802TH6304BE2B"
        let sizes = [100, 200, 256, 300, 333, 512, 1_000, 2_048]
        let pictures = try sizes.map { try QRSymbol(payload).png(fittingPixels: $0) }
        #expect(try await IndependentDecoder.zbar.decode(pictures) == sizes.map { _ in payload })
    }

    @Test("the header says a square of one grey bit, of whole pixels for each module")
    func header() throws {
        let symbol = try QRSymbol("A")
        for (pixels, side) in [(64, 58), (100, 87), (290, 290), (4_096, 4_089)] {
            let picture = try symbol.png(fittingPixels: pixels)
            #expect(Array(picture[..<8]) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
            #expect(Array(picture[12..<16]) == Array("IHDR".utf8))
            let expected = UInt32(side).bigEndian
            let sideBytes = withUnsafeBytes(of: expected) { Array($0) }
            #expect(Array(picture[16..<20]) == sideBytes)
            #expect(Array(picture[20..<24]) == sideBytes)
            #expect(Array(picture[24..<26]) == [1, 0])
            #expect(Array(picture.suffix(8).prefix(4)) == Array("IEND".utf8))
        }
    }

    @Test("sizes out of range are refused")
    func refusedSizes() throws {
        let symbol = try QRSymbol("A")
        let large = try QRSymbol(String(repeating: "a", count: 2_000))
        for pixels in [Int.min, -1, 0, 63, 4_097, .max] {
            #expect(throws: QRCodeError.sizeOutOfRange) { try symbol.png(fittingPixels: pixels) }
        }
        for pixels in [Int.min, -1, 0, 142, 1_000, .max] {
            #expect(throws: QRCodeError.sizeOutOfRange) { try symbol.png(modulePixels: pixels) }
        }
        #expect(throws: QRCodeError.sizeOutOfRange) { try large.png(fittingPixels: 100) }
    }

    @Test("the data address holds the same picture")
    func dataURI() throws {
        let symbol = try QRSymbol("https://pay.example/c/1")
        let address = try symbol.dataURI(modulePixels: 6)
        let prefix = "data:image/png;base64,"
        #expect(address.hasPrefix(prefix))
        #expect(Data(base64Encoded: String(address.dropFirst(prefix.count))).map(Array.init) == (try symbol.png(modulePixels: 6)))
    }

    @Test("the largest symbol has a data address at the usual size")
    func largest() throws {
        let symbol = try QRSymbol(String(repeating: "a", count: 2_953), correction: .low)
        #expect(try symbol.dataURI().utf8.count < 40_000)
    }

    @Test("the time for one charge's picture is reported")
    func speed() throws {
        let payload = "00020101021230450016A00000067701011201150105562074027010202R15303764540580.005802TH5909Salak Dee6007Bangkok63048BDC"
        let rounds = 500
        var total = 0
        let symbols = try ContinuousClock().measure {
            for _ in 0..<rounds { total += try QRSymbol(payload).side }
        }
        let whole = try ContinuousClock().measure {
            for _ in 0..<rounds { total += try QRSymbol(payload).dataURI().utf8.count }
        }
        print("symbol \(symbols / rounds), symbol with data address \(whole / rounds)")
        #expect(total > rounds)
    }
}
