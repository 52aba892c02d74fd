/// A provider is described in one folder, tested from it, and translated in a source folder of the same name.
enum ProviderFolderRule {
    /// The four providers that are promised.
    static let promised = ["crypto", "paypal", "promptpay", "stripe"]

    static func violations(in checkout: Checkout) -> [Violation] {
        let top = "providers"
        let present = checkout.names(in: top).filter { checkout.isFolder(top + "/" + $0) }
        let absent = promised.filter { !present.contains($0) }.map { violation(top + "/" + $0, "the provider has no folder") }
        let hasChecklist = checkout.file(top + "/README.md") != nil
        let checklist = hasChecklist ? [] : [violation(top, "README.md, the checklist for a new provider, is absent")]
        return absent + checklist + present.flatMap { missingThings(of: $0, in: checkout) }
    }

    private static func missingThings(of provider: String, in checkout: Checkout) -> [Violation] {
        let folder = "providers/" + provider
        let files = ["profile.yaml", "events.yaml", "signatures.json", "README.md"].filter { checkout.file(folder + "/" + $0) == nil }
        var missing = files.map { violation(folder, "\($0) is absent") }
        if !["samples", "events"].contains(where: { checkout.isFolder(folder + "/" + $0) }) {
            missing.append(violation(folder, "samples/ with recorded events is absent"))
        }
        for parent in ["Sources/Providers", "Tests/ProvidersTests"]
        where !checkout.names(in: parent).contains(where: { $0.lowercased() == provider && checkout.isFolder(parent + "/" + $0) }) {
            missing.append(violation(folder, "there is no folder of this name in \(parent)"))
        }
        return missing
    }

    private static func violation(_ path: String, _ message: String) -> Violation {
        Violation(path: path, line: 1, message: message)
    }
}
