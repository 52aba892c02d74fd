import Testing

/// The project's style, executed: each failure names file and line.
@Suite("Repository")
struct RepositoryTests {
    private func expectNone(_ violations: [Violation], sourceLocation: SourceLocation = #_sourceLocation) {
        guard !violations.isEmpty else { return }
        let list = Set(violations).map(\.description).sorted().joined(separator: "\n")
        Issue.record("\(violations.count) violations\n\(list)", sourceLocation: sourceLocation)
    }

    @Test("the checkout is found and read")
    func checkout() {
        #expect(Checkout.current.file("Package.swift") != nil)
        #expect(Checkout.current.swiftFiles(in: "Sources").count > 20)
        #expect(!Checkout.current.paths.contains { $0.hasPrefix(".git/") })
    }

    @Test("imports follow the graph of targets")
    func imports() { expectNone(ImportRule.violations(in: .current)) }

    @Test("files, functions and lines keep to their lengths")
    func lengths() { expectNone(LengthRule.violations(in: .current)) }

    @Test("banned words do not occur")
    func words() { expectNone(WordRule.violations(in: .current)) }

    @Test("unchecked concurrency is proven safe where it stands")
    func safety() { expectNone(SafetyRule.violations(in: .current)) }

    @Test("stored integers of 128 bits are kept as two words")
    func wideIntegers() { expectNone(WideIntegerRule.violations(in: .current)) }

    @Test("types and functions that other targets see are documented")
    func documentation() { expectNone(DocumentationRule.violations(in: .current)) }

    @Test("every provider folder has all its things")
    func providerFolders() { expectNone(ProviderFolderRule.violations(in: .current)) }

    @Test("migrations are numbered without gaps and unchanged")
    func migrations() { expectNone(MigrationRule.violations(in: .current)) }

    @Test("links in Markdown files resolve")
    func links() { expectNone(LinkRule.violations(in: .current)) }

    @Test("README.md names the folders that exist, and only those")
    func readme() { expectNone(ReadmeRule.violations(in: .current)) }

    @Test("no file names a machine's paths")
    func machinePaths() { expectNone(MachinePathRule.violations(in: .current)) }
}
