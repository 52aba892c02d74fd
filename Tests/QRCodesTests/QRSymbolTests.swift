import QRCodes
import Testing

@Suite("QR symbols")
struct QRSymbolTests {
    @Test("the three finder patterns stand in their corners and nowhere else")
    func finderPatterns() throws {
        let symbol = try QRSymbol("https://pay.example/c/1")
        let finder = ["#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"]
        func corner(_ top: Int, _ left: Int) -> [String] {
            (0..<7).map { row in String((0..<7).map { symbol.isDark(row: top + row, column: left + $0) ? "#" : "." }) }
        }
        #expect(symbol.side == 25)
        #expect(corner(0, 0) == finder)
        #expect(corner(0, 18) == finder)
        #expect(corner(18, 0) == finder)
        #expect(corner(18, 18) != finder)
    }

    @Test("positions outside the symbol are light")
    func outside() throws {
        let symbol = try QRSymbol("A")
        #expect(symbol.side == 21)
        for offset in [-4, -1, 21, 24, .min, .max] {
            #expect(!symbol.isDark(row: offset, column: 0))
            #expect(!symbol.isDark(row: 0, column: offset))
        }
    }

    @Test("more correction never makes a smaller symbol")
    func correction() throws {
        let sides = try QRSymbol.Correction.allCases.map { try QRSymbol(String(repeating: "pay", count: 30), correction: $0).side }
        #expect(sides == sides.sorted())
        #expect(Set(sides).count > 2)
    }

    @Test(
        "text that fits no symbol is refused",
        arguments: [(QRSymbol.Correction.low, 2953), (.medium, 2331), (.quartile, 1663), (.high, 1273)]
    )
    func capacity(correction: QRSymbol.Correction, bytes: Int) throws {
        #expect(try QRSymbol(String(repeating: "é", count: bytes / 2), correction: correction).side == 177)
        #expect(throws: QRCodeError.textTooLong) { try QRSymbol(String(repeating: "é", count: bytes / 2 + 1), correction: correction) }
    }

    @Test("empty text and text with a NUL are refused")
    func refusedText() {
        #expect(throws: QRCodeError.emptyText) { try QRSymbol("") }
        #expect(throws: QRCodeError.nulCharacter) { try QRSymbol("pay\u{0}me") }
        #expect(QRCodeError.textTooLong.code == "textTooLong")
    }

    @Test("symbols are made on many threads at once")
    func concurrent() async throws {
        let texts = (0..<32).map { String(repeating: "pay \($0) ", count: 1 + $0) }
        let expected = try texts.map { try QRSymbol($0) }
        try await withThrowingTaskGroup { group in
            for round in 0..<64 {
                group.addTask { try texts.indices.allSatisfy { try QRSymbol(texts[($0 + round) % 32]) == expected[($0 + round) % 32] } }
            }
            for try await areRight in group {
                #expect(areRight)
            }
        }
    }
}
