/// Migrations are numbered without gaps and never change once they are listed.
enum MigrationRule {
    private static let folder = "Sources/Storage/Migrations"
    private static let list = "Tests/RepositoryTests/migrations.digests"

    static func violations(in checkout: Checkout) -> [Violation] {
        let names = checkout.names(in: folder).filter { $0.hasSuffix(".sql") }
        return numbering(names) + digests(of: names, in: checkout)
    }

    private static func numbering(_ names: [String]) -> [Violation] {
        let strangers = names.filter { Int($0.prefix(4)) == nil || $0.dropFirst(4).first != "_" }
        let gaps = names.enumerated().filter { index, name in Int(name.prefix(4)) != index + 1 }
        let misnamed = strangers.map { Violation(path: folder + "/" + $0, line: 1, message: "a migration is named 0001_topic.sql") }
        return misnamed
            + gaps.prefix(1).map { index, name in
                Violation(path: folder + "/" + name, line: 1, message: "number \(index + 1) is expected here: no gaps, no twins")
            }
    }

    private static func digests(of names: [String], in checkout: Checkout) -> [Violation] {
        let lines = checkout.file(list)?.lines.map { $0.split(separator: " ").map(String.init) } ?? []
        let listed = lines.enumerated().filter { $1.count == 2 }.map { (name: $1[1], digest: $1[0], line: $0 + 1) }
        let unlisted = names.compactMap { name -> Violation? in
            guard let file = checkout.file(folder + "/" + name) else { return nil }
            let digest = SHA256Digest.hexadecimal(of: file.bytes)
            guard let entry = listed.first(where: { $0.name == name }) else {
                return file.violation("not in \(list); once it is final, add the line `\(digest)  \(name)`")
            }
            return entry.digest == digest ? nil : file.violation("it has changed since it was listed; write a new migration instead")
        }
        let vanished = listed.filter { !names.contains($0.name) }
        return unlisted + vanished.map { Violation(path: list, line: $0.line, message: "\($0.name) is listed and does not exist") }
    }
}
