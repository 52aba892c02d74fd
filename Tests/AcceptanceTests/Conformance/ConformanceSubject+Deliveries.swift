import Foundation
import HTTPTypes
import Providers

extension ConformanceSubject {
    /// Settings with which both of the live secrets are known at the door.
    var liveSecrets: [String: String] {
        door.secretsSetting.map { [$0: door.secrets.prefix(2).joined(separator: ",")] } ?? [:]
    }

    private static var now: Int64 { Int64(Date().timeIntervalSince1970) }

    /// A delivery as the provider sends it, signed with one of the live secrets where there are some.
    func delivery(_ stage: Stage, _ body: [UInt8], secret: Int = 0) async throws -> UnverifiedWebhook {
        if let signed = door.signed { return signed(body, door.secrets[secret], Self.now) }
        guard let delivered = door.delivered else { throw StageError("nobody can sign for \(name)") }
        return try await delivered(stage, body)
    }

    /// Makes deliveries that look right and are not: of a secret that never was, or with what proves another body.
    func forger(_ stage: Stage) async throws -> @Sendable ([UInt8]) -> UnverifiedWebhook {
        if let signed = door.signed {
            let secret = door.secrets[2]
            return { body in signed(body, secret, ConformanceSubject.now) }
        }
        let headers = try await delivery(stage, door.event("another")).headers
        return { body in UnverifiedWebhook(headers: headers, body: body) }
    }

    /// Deliveries that differ from a right one in a single thing.
    func forgeries(of whole: UnverifiedWebhook) -> [(name: String, webhook: UnverifiedWebhook)] {
        var forgeries = [
            ("body cut", UnverifiedWebhook(headers: whole.headers, body: Array(whole.body.dropLast()), pathSecret: whole.pathSecret))
        ]
        let change = { (name: String, headers: HTTPFields, pathSecret: String?) in
            forgeries.append((name, UnverifiedWebhook(headers: headers, body: whole.body, pathSecret: pathSecret)))
        }
        for field in whole.headers where !door.unreadHeaders.contains(field.name) {
            let values = door.forgedValues[field.name].map { [$0] } ?? Self.changes(of: field.value)
            for value in [nil] + values.map(Optional.some) {
                var headers = whole.headers
                headers[field.name] = value
                change("\(field.name.canonicalName): \(value ?? "missing")", headers, whole.pathSecret)
            }
        }
        if let secret = whole.pathSecret {
            for value in [nil] + Self.changes(of: secret).map(Optional.some) {
                change("address: \(value ?? "missing")", whole.headers, value)
            }
        }
        return forgeries
    }

    /// A text with its first, a middle or its last character changed.
    private static func changes(of text: String) -> [String] {
        let characters = Array(text)
        return Set([0, characters.count / 2, characters.count - 1]).sorted().map { place in
            var other = characters
            other[place] = other[place] == "0" ? "1" : "0"
            return String(other)
        }
    }
}
