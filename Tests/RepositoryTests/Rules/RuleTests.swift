import Testing

/// Each rule is shown what it must find, and what it must let through, in a checkout that exists only here.
@Suite("Repository rules")
struct RuleTests {
    private func found(_ rule: (Checkout) -> [Violation], _ texts: [String: String]) -> [String] {
        Set(rule(Checkout(texts)).map { "\($0.path):\($0.line)" }).sorted()
    }

    @Test("an import against the graph is found, whatever stands before it")
    func imports() {
        let texts = [
            "Sources/Payments/A.swift": "// import Foundation\nimport Foundation\n",
            "Sources/Web/B.swift":
                "import NIOCore\n@preconcurrency package import struct OutboundHTTP.Row\nimport Foundation\nlet text = \"import X\"\n",
            "Sources/Cryptography/C.swift": "internal import COpenSSL\n",
            "Sources/Misc/D.swift": "",
            "Tests/WebTests/E.swift": "import COpenSSL\nimport Testing\n",
        ]
        #expect(
            found(ImportRule.violations, texts) == [
                "Sources/Misc/D.swift:1", "Sources/Payments/A.swift:2", "Sources/Web/B.swift:2",
                "Tests/WebTests/E.swift:1",
            ]
        )
    }

    @Test("what is too long by one is found, what just fits is not")
    func lengths() {
        func function(lines: Int) -> String { "func a() {\n" + String(repeating: "    b()\n", count: lines - 2) + "}\n" }
        let texts = [
            "Sources/A/Fits.swift": function(lines: 70) + String(repeating: "x", count: 140) + String(repeating: "\n", count: 330),
            "Sources/A/Long.swift": "\n" + function(lines: 71) + String(repeating: "x", count: 141) + String(repeating: "\n", count: 329),
            "Sources/A/Literal.swift": "let a = \"" + String(repeating: "x", count: 140) + "\"",
            "Tests/A/Literal.swift": "let a = \"" + String(repeating: "x", count: 140) + "\"\n// " + String(repeating: "x", count: 140),
            "Tests/A/Long.swift": function(lines: 401),
        ]
        #expect(
            found(LengthRule.violations, texts) == [
                "Sources/A/Literal.swift:1", "Sources/A/Long.swift:2", "Sources/A/Long.swift:401", "Sources/A/Long.swift:73",
                "Tests/A/Literal.swift:2", "Tests/A/Long.swift:401",
            ]
        )
    }

    @Test("a stored integer of 128 bits is found, what is computed, counted in a function or kept as two words is not")
    func wideIntegers() {
        let texts = [
            "Sources/A/B.swift":
                "struct B {\n    package let a: UInt128\n    private var b: Int128? = 0\n    @TwoWords var c: Int128 = 0\n"
                + "    var d: Int128 { 0 }\n    func e() {\n        var f: Int128 = 0\n    }\n    static let g: Int128 = 1\n}",
            "Sources/Storage/Ledger/Verification/C.swift": "struct C {\n    let a: UInt128\n}",
        ]
        #expect(found(WideIntegerRule.violations, texts) == ["Sources/A/B.swift:2", "Sources/A/B.swift:3"])
    }

    @Test("a banned word is found in code, only where it is banned, and only as a word")
    func words() {
        let later = "TO" + "DO"
        let texts = [
            "Sources/Payments/A.swift":
                "let a: Double = 1\n// Double\nlet DoubleEntry = \"Double\"\nInt.random(in: 0...1)\nInt.random(in: 0...1, using: &g)",
            "Sources/Web/B.swift": "let a: Double = 1\nfatalError()\nprint(1)\nlet t = Task {}\nfingerprint(1)\n// \(later)",
            "Sources/truvapay/C.swift": "print(1)\ntry! x()\npublic func a()",
            "Tests/X/D.swift": "try! x()",
        ]
        #expect(
            found(WordRule.violations, texts) == [
                "Sources/Payments/A.swift:1", "Sources/Payments/A.swift:4",
                "Sources/Web/B.swift:2", "Sources/Web/B.swift:3", "Sources/Web/B.swift:4", "Sources/Web/B.swift:6",
                "Sources/truvapay/C.swift:2", "Sources/truvapay/C.swift:3",
            ]
        )
    }

    @Test("an unproven escape from the compiler's checks is found")
    func safety() {
        let texts = [
            "Sources/A/A.swift":
                "// Safety: read only.\n@safe\nfinal class A: @unchecked Sendable {}\n\nfinal class B: @unchecked Sendable {}",
            "Sources/A/B.swift": "// Safety: far away\n\nnonisolated(unsafe) let a = 1",
        ]
        #expect(found(SafetyRule.violations, texts) == ["Sources/A/A.swift:5", "Sources/A/B.swift:3"])
    }

    @Test("an undocumented type or function of the package is found; properties and initialisers are left alone")
    func documentation() {
        let text = """
            package import Logging
            /// Documented.
            @safe package final class A {
                package let a = 1
                package init() {}
                package static func b() {}
                /// Documented.
                package static func c() {}
                package static func == (first: A, second: A) -> Bool { true }
            }
            package enum B {}
            struct C {}
            package extension C {}
            """
        #expect(found(DocumentationRule.violations, ["Sources/A/A.swift": text]) == ["Sources/A/A.swift:11", "Sources/A/A.swift:6"])
    }

    @Test("a provider folder without one of its things is found")
    func providers() {
        var texts = ["providers/README.md": ""]
        for (provider, folder) in ["stripe": "Stripe", "paypal": "PayPal", "promptpay": "PromptPay", "crypto": "Crypto"] {
            for file in ["profile.yaml", "events.yaml", "signatures.json", "README.md", "samples/a.json"] {
                texts["providers/\(provider)/\(file)"] = ""
            }
            texts["Sources/Providers/\(folder)/A.swift"] = ""
            texts["Tests/ProvidersTests/\(folder)/A.swift"] = ""
        }
        #expect(found(ProviderFolderRule.violations, texts).isEmpty)
        for (path, _) in texts {
            let folder = path.split(separator: "/").prefix(2).joined(separator: "/")
            let expected = path == "providers/README.md" ? "providers:1" : path.hasPrefix("providers/") ? folder + ":1" : nil
            let violations = found(ProviderFolderRule.violations, texts.filter { $0.key != path })
            #expect(violations.count == 1 && (expected == nil || violations == expected.map { [$0] }), "without \(path)")
        }
    }

    @Test("a gap, a twin, a change, an unlisted and a vanished migration are found")
    func migrations() {
        let folder = "Sources/Storage/Migrations/"
        let list = "Tests/RepositoryTests/migrations.digests"
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(found(MigrationRule.violations, [folder + "0001_a.sql": "abc", list: abc + "  0001_a.sql\n"]).isEmpty)
        #expect(found(MigrationRule.violations, [folder + "0001_a.sql": "abd", list: abc + "  0001_a.sql\n"]) == [folder + "0001_a.sql:1"])
        #expect(found(MigrationRule.violations, [folder + "0001_a.sql": "abc", list: "\n"]) == [folder + "0001_a.sql:1"])
        #expect(found(MigrationRule.violations, [list: "\n" + abc + "  0001_a.sql\n"]) == [list + ":2"])
        let gap = [folder + "0001_a.sql": "abc", folder + "0003_b.sql": "abc", list: abc + "  0001_a.sql\n" + abc + "  0003_b.sql"]
        #expect(found(MigrationRule.violations, gap) == [folder + "0003_b.sql:1"])
        let twin = [folder + "0001_a.sql": "abc", folder + "0001_b.sql": "abc", list: abc + "  0001_a.sql\n" + abc + "  0001_b.sql"]
        #expect(found(MigrationRule.violations, twin) == [folder + "0001_b.sql:1"])
        #expect(found(MigrationRule.violations, [folder + "first.sql": "abc", list: abc + "  first.sql"]) == [folder + "first.sql:1"])
    }

    @Test("the digest agrees with FIPS 180-4 and with lengths round the block's edge")
    func digest() {
        #expect(SHA256Digest.hexadecimal(of: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(SHA256Digest.hexadecimal(of: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
        #expect(SHA256Digest.hexadecimal(of: Array(two.utf8)) == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
        let million = [UInt8](repeating: 0x61, count: 10_000)
        #expect(SHA256Digest.hexadecimal(of: million) == "27dd1f61b867b6a0f6e9d8a41c43231de52107e53ae424de8f847b821db4b711")
    }

    @Test("a link that leads nowhere is found, in prose only")
    func links() {
        let readme = """
            # The Title, `code` & more
            [a](docs/a.md) [b](docs/absent.md) [c](https://example.com/x) [d](#the-title-code--more) [e](#absent)
            `[f](absent.md)` [g](docs) [h](docs/a.md#head) [i](docs/a.md#foot) [j](../outside.md) ![k](docs/a.md "title")
            ```
            [l](absent.md)
            ```
            """
        let texts = ["README.md": readme, "docs/a.md": "## Head\n[up](../README.md) [self](./a.md)\n[wrong](README.md)"]
        let messages = LinkRule.violations(in: Checkout(texts)).map(\.description)
        #expect(messages.count == 5, "\(messages)")
        for link in ["README.md:2: the link `docs/absent.md`", "README.md:2: the link `#absent`", "README.md:3: the link `docs/a.md#foot`"]
        {
            #expect(messages.contains { $0.hasPrefix(link) })
        }
        #expect(messages.contains("README.md:3: the link `../outside.md` leaves the project"))
        #expect(messages.contains { $0.hasPrefix("docs/a.md:3: the link `README.md`") })
    }

    @Test("a folder that README.md does not name, and a named one that does not exist, are found")
    func readme() {
        let texts = ["Sources/A/a.swift": "", "Sources/B/b.swift": "", "docs/a.md": ""]
        #expect(found(ReadmeRule.violations, texts) == ["README.md:1"])
        let complete = "`Sources/A` and `Sources/B/`, `docs/a.md`, `docs/<name>`, `other/x`"
        #expect(found(ReadmeRule.violations, texts.merging(["README.md": complete]) { $1 }).isEmpty)
        let wrong = "`Sources/A`\n`Sources/C`, docs"
        #expect(found(ReadmeRule.violations, texts.merging(["README.md": wrong]) { $1 }) == ["README.md:1", "README.md:2"])
    }

    @Test("a machine's path is found, a URL's is not")
    func machinePaths() {
        let home = "/" + "home" + "/"
        let texts = [
            "a.md": "see \(home)me/x", "b.swift": "// https://example.com\(home)page\nlet a = \"x\"\n// in `\(home)me`",
            "c.sh": "$top\(home)x",
        ]
        #expect(found(MachinePathRule.violations, texts) == ["a.md:1", "b.swift:3"])
    }
}
