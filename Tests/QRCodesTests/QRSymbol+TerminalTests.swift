import QRCodes
import Testing

@Suite("QR codes in a terminal")
struct QRSymbolTerminalTests {
    @Test("a known symbol is drawn as recorded")
    func golden() throws {
        let expected = """
            █████████████████████████████
            █████████████████████████████
            ████ ▄▄▄▄▄ ███▄█ █ ▄▄▄▄▄ ████
            ████ █   █ █▄█▄█▀█ █   █ ████
            ████ █▄▄▄█ ██ ▀ ▄█ █▄▄▄█ ████
            ████▄▄▄▄▄▄▄█ █ █▄█▄▄▄▄▄▄▄████
            ████ ▄ █  ▄▄ █ ▀▄ ▄▀█▀ ▀█████
            █████ ▄▄██▄▄█ ▀ ▀ ▄ ▀█▀▄ ████
            ████▄██▄▄█▄▄ ▄█▄█▄  █▀ █▄████
            ████ ▄▄▄▄▄ █  ▄█▄█▀▀▄██ ▄████
            ████ █   █ █▄█▄▀▄▀▄▀ ▄█ ▄████
            ████ █▄▄▄█ █ ▀█ ▀ ▄█ █▀▀ ████
            ████▄▄▄▄▄▄▄█▄██▄█▄▄▄██▄█▄████
            █████████████████████████████
            ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀

            """
        #expect(try QRSymbol("TRUVAPAY", correction: .low).terminal() == expected)
    }

    @Test("both forms draw every module and the quiet zone", arguments: [false, true])
    func everyModule(inverted: Bool) throws {
        let symbol = try QRSymbol("https://pay.example/c/1")
        let lines = symbol.terminal(inverted: inverted).split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
        #expect(lines.count == (symbol.side + 8 + 1) / 2 + 1)
        #expect(lines.last == [])
        for row in 0..<symbol.side + 8 {
            let line = lines[row / 2]
            #expect(line.count == symbol.side + 8)
            for column in line.indices {
                let filled: [Character] = row.isMultiple(of: 2) ? ["█", "▀"] : ["█", "▄"]
                let isDark = filled.contains(line[column]) == inverted
                #expect(isDark == symbol.isDark(row: row - 4, column: column - 4))
            }
        }
    }
}
