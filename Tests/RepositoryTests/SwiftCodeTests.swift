import Testing

@Suite("The reader of Swift")
struct SwiftCodeTests {
    private func code(_ text: String) -> String {
        String(decoding: SwiftCode.withoutCommentsAndLiterals(Array(text.utf8)), as: UTF8.self)
    }

    @Test(
        "comments and literals are blanked, code in interpolations is kept",
        arguments: [
            ("let a = 1 // try!", "let a = 1        "),
            ("a /* b /* c */ d */ e", "a                   e"),
            ("f(\"try! \\\" x\") + g", "f(\"         \") + g"),
            ("\"a\\(b(\"c\") + d)e\" f", "\"  (b(\" \") + d) \" f"),
            ("#\"a\"b\\(c)\"# d", "#\"       \"# d"),
            ("#\"\\#(x)y\"# z", "#\"  (x) \"# z"),
            ("\"\"\"\n a \" b\n\"\"\" c", "\"\"\"\n      \n\"\"\" c"),
            ("\"open\nlet x", "\"    \nlet x"),
        ]
    )
    func blanking(text: String, expected: String) {
        #expect(code(text) == expected)
    }

    @Test("functions are measured from their name to their brace; requirements and calls are none")
    func functions() {
        let text = """
            protocol P {
                func requirement()
                func other(_ body: () -> Void) throws -> Int
                init(x: Int)
            }
            func a(_ default: () -> Void = {}) { }
            struct S {
                init?(text: String)
                    throws(Problem)
                {
                    self.init(text: "}")
                    let s: S = .init(text: "{")
                    func inner() -> Int {
                        1
                    }
                }
            }
            """
        let spans = SourceFile(path: "a.swift", bytes: Array(text.utf8)).functions.sorted { $0.line < $1.line }
        #expect(spans == [FunctionSpan(line: 6, lineCount: 1), FunctionSpan(line: 8, lineCount: 9), FunctionSpan(line: 13, lineCount: 3)])
    }

    @Test("a text is found by line, as a whole word where it is one")
    func lines() {
        let file = SourceFile(path: "a.swift", bytes: Array("try!\n// try!\nDoubled Double\n\nretry!".utf8))
        #expect(file.lines(containing: "try!") == [1])
        #expect(file.lines(containing: "try!", inCode: false) == [1, 2])
        #expect(file.lines(containing: "Double") == [3])
        #expect(file.lineCount == 5)
        #expect(file.lines == ["try!", "// try!", "Doubled Double", "", "retry!"])
    }
}
