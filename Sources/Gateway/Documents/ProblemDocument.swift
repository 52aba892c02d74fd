package import StrictJSON

/// Problem details (RFC 9457): a refusal as it is answered, at once or from what is kept under an idempotency key.
package struct ProblemDocument: Sendable {
    /// The kind of problem, with everything that is always so of it.
    package let kind: Kind
    /// What is wrong this time, in words that are safe to show.
    package let detail: String?
    /// Members of the request that are at fault.
    package let errors: JSONValue?
    /// The request or object that it is about, as a URN.
    package let instance: String

    /// The media type of problem details.
    package static let contentType = "application/problem+json"

    /// A code that is documented in `contracts/problems.md`.
    package struct Kind: Sendable, Hashable {
        package let code: String
        /// The HTTP status.
        package let status: Int
        package let title: String

        /// Describes a code.
        package init(code: String, status: Int, title: String) {
            self.code = code
            self.status = status
            self.title = title
        }

        /// A definite no of the provider's, which is kept under the key of the request.
        package static let providerRefused = Kind(code: "provider_refused", status: 409, title: "The provider refused.")
    }

    /// Describes a refusal.
    package init(_ kind: Kind, detail: String?, errors: JSONValue? = nil, instance: String) {
        self.kind = kind
        self.detail = detail
        self.errors = errors
        self.instance = instance
    }

    /// The body of the answer.
    package var bytes: [UInt8] {
        var members: [(String, JSONValue)] = [
            ("type", .string("urn:truvapay:problem:\(kind.code)")), ("title", .string(kind.title)),
            ("status", .number(JSONNumber(Int64(kind.status)))), ("code", .string(kind.code)),
        ]
        if let detail { members.append(("detail", .string(detail))) }
        if let errors { members.append(("errors", errors)) }
        members.append(("instance", .string(instance)))
        return JSONValue.object(JSONObject(members)).serialized()
    }
}
