import Foundation
import QRCodes
import Testing

@Suite("QR codes as SVG")
struct QRSymbolSVGTests {
    @Test("the picture covers the symbol and its quiet zone in white, with crisp edges")
    func frame() throws {
        let picture = try QRSymbol("A").svg()
        #expect(picture.hasPrefix(#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29" shape-rendering="crispEdges">"#))
        #expect(picture.contains(##"<rect width="29" height="29" fill="#fff"/>"##))
        #expect(picture.hasSuffix(#"z"/></svg>"#))
        #expect(!picture.contains("<title>"))
    }

    @Test("width and height are stated when asked for")
    func pixels() throws {
        #expect(try QRSymbol("A").svg(pixels: 300).contains(#" width="300" height="300" viewBox="0 0 29 29""#))
    }

    @Test("a title is escaped")
    func title() throws {
        let picture = try QRSymbol("A").svg(title: #"<b>"Som" & 'Chai'</b> สลาก"#)
        #expect(picture.contains("<title>&lt;b&gt;&quot;Som&quot; &amp; &#39;Chai&#39;&lt;/b&gt; สลาก</title>"))
    }

    @Test("the path draws exactly the dark modules, all inside the quiet zone")
    func path() throws {
        let symbol = try QRSymbol("https://pay.example/c/1")
        let picture = symbol.svg()
        var drawn = Set<[Int]>()
        for match in picture.matches(of: /M(\d+) (\d+)h(\d+)v1h-(\d+)z/) {
            let (left, top, length) = (try #require(Int(match.1)), try #require(Int(match.2)), try #require(Int(match.3)))
            #expect(match.3 == match.4)
            for column in left..<left + length { drawn.insert([top - 4, column - 4]) }
        }
        for row in -4..<symbol.side + 4 {
            for column in -4..<symbol.side + 4 {
                #expect(drawn.contains([row, column]) == symbol.isDark(row: row, column: column))
            }
        }
    }
}
