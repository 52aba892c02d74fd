/// Imports follow the graph of targets; the compiler itself does not see to it once a module is built.
enum ImportRule {
    /// Modules of the toolchain, allowed wherever anything is.
    private static let toolchain: Set = ["Foundation", "FoundationEssentials", "Synchronization", "Glibc", "Dispatch"]

    /// The targets that stand on the standard library alone.
    private static let pure: Set = ["StrictJSON", "Payments"]

    /// What each target may import beyond the toolchain's modules; `NIO*` stands for all modules of SwiftNIO.
    static let graph: [String: Set<String>] = [
        "StrictJSON": [],
        "Payments": [],
        "PostgreSQL": ["CPostgreSQL", "Logging"],
        "OutboundHTTP": ["CCurl", "HTTPTypes"],
        "Cryptography": ["COpenSSL"],
        "QRCodes": ["CQREncode"],
        "Operations": ["Cryptography", "Logging", "Metrics", "CoreMetrics"],
        "Providers": ["Payments", "Cryptography", "StrictJSON", "HTTPTypes", "Yams", "FoundationXML"],
        "Storage": ["Payments", "PostgreSQL", "Cryptography", "StrictJSON", "Logging"],
        "Gateway": [
            "Payments", "Providers", "Storage", "PostgreSQL", "OutboundHTTP", "Cryptography", "QRCodes", "StrictJSON",
            "HTTPTypes", "Logging", "Metrics", "CoreMetrics", "ServiceLifecycle",
        ],
        "Web": [
            "Payments", "Providers", "Gateway", "Storage", "PostgreSQL", "QRCodes", "Cryptography", "StrictJSON",
            "Hummingbird", "HummingbirdCore", "HTTPTypes", "Logging", "Metrics", "CoreMetrics", "NIO*",
        ],
        "Simulators": [
            "Cryptography", "OutboundHTTP", "StrictJSON",
            "Hummingbird", "HummingbirdCore", "HTTPTypes", "Logging", "ServiceLifecycle", "NIO*",
        ],
        "truvapay": everything.union(["Simulators", "Web", "ArgumentParser", "UnixSignals"]),
        "Benchmarks": everything.union(["Simulators", "Web", "ArgumentParser", "CReplay"]),
    ]

    private static let everything: Set = [
        "StrictJSON", "Payments", "PostgreSQL", "OutboundHTTP", "Cryptography", "QRCodes", "Operations", "Providers", "Storage", "Gateway",
        "Hummingbird", "HummingbirdCore", "HTTPTypes", "Logging", "Metrics", "CoreMetrics", "ServiceLifecycle", "Yams", "NIO*",
    ]

    /// The C libraries; each has one wrapper, and nothing else may see it, tests included.
    private static let cLibraries = [
        "CPostgreSQL": "PostgreSQL", "CCurl": "OutboundHTTP", "COpenSSL": "Cryptography", "CQREncode": "QRCodes",
    ]

    static func violations(in checkout: Checkout) -> [Violation] {
        checkout.swiftFiles(in: "Sources").flatMap(violations(inSource:)) + checkout.swiftFiles(in: "Tests").flatMap(violations(inTest:))
    }

    private static func violations(inSource file: SourceFile) -> [Violation] {
        let target = String(file.path.split(separator: "/")[1])
        guard let allowed = graph[target] else { return [file.violation("the target \(target) is not in the graph of ImportRule")] }
        return imports(of: file).compactMap { module, line in
            let isToolchain = toolchain.contains(module) && !pure.contains(target)
            let isAllowed = isToolchain || allowed.contains(module) || (module.hasPrefix("NIO") && allowed.contains("NIO*"))
            return isAllowed ? nil : file.violation("\(target) may not import \(module)", line: line)
        }
    }

    private static func violations(inTest file: SourceFile) -> [Violation] {
        imports(of: file).compactMap { module, line in
            guard let wrapper = cLibraries[module] else { return nil }
            return file.violation("only \(wrapper) may import \(module)", line: line)
        }
    }

    /// The modules a file imports, each with its line.
    private static func imports(of file: SourceFile) -> [(module: String, line: Int)] {
        file.lines(containing: "import").compactMap { line in
            let words = file.code(ofLine: line).split(separator: " ")
            guard let keyword = words.firstIndex(of: "import"), words[..<keyword].allSatisfy(isModifier) else { return nil }
            let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            guard let path = words[(keyword + 1)...].first(where: { !kinds.contains($0) }) else { return nil }
            return (String(path.prefix { $0 != "." && $0 != ";" }), line)
        }
    }

    private static func isModifier(_ word: Substring) -> Bool {
        word.hasPrefix("@") || ["package", "internal", "private", "fileprivate", "public"].contains(word)
    }
}
