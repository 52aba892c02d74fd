import Storage
import Cryptography
import ArgumentParser
import Gateway
import Payments

/// `truvapay keys`.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "API keys: create, list, revoke.",
        subcommands: [Create.self, List.self, Revoke.self]
    )

    /// `truvapay keys create`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a key; its text is printed once and kept nowhere.")

        @Option(help: "What the key is for.")
        var name: String

        @Option(help: "A scope; give the option once for each.")
        var scope: [String] = []

        func run() async throws {
            let scopes = try scope.map { text in
                guard let scope = Scope(rawValue: text) else {
                    let known = Scope.allCases.map(\.rawValue).joined(separator: ", ")
                    throw Refusal("there is no scope \(text); the scopes are \(known)", status: ExitStatus.usage)
                }
                return scope
            }
            guard !scopes.isEmpty else { throw Refusal("at least one --scope is needed", status: ExitStatus.usage) }
            try await Database.withService { database in
                let (id, key) = try await database.keys.create(name: name, scopes: Set(scopes))
                print("\(id)\n\(key.exposed)")
            }
        }
    }

    /// `truvapay keys list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All keys, revoked ones too.")

        @Option(help: "table, json or csv.")
        var format = ListingFormat.table

        func run() async throws {
            try await Database.withService { database in
                let rows = try await database.keys.list().map { key in
                    [
                        key.id.description, key.name, key.shownPrefix, key.scopes.joined(separator: " "), key.createdAt.rfc3339,
                        key.revokedAt?.rfc3339 ?? "",
                    ]
                }
                print(Listing(columns: ["id", "name", "begins", "scopes", "created_at", "revoked_at"], rows: rows).text(format))
            }
        }
    }

    /// `truvapay keys revoke`.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a key; it stops working within seconds.")

        @Argument(help: "The key's id.")
        var id: String

        func run() async throws {
            guard let keyID = APIKeyID(id) else { throw Refusal("\(id) is no key id", status: ExitStatus.usage) }
            try await Database.withService { database in
                guard try await database.keys.revoke(keyID) else { throw Refusal("there is no such key that is still good") }
                print("revoked \(keyID)")
            }
        }
    }
}
