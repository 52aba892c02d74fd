/// Who is paid by our QRs.
package enum PromptPayRecipient: Sendable, Hashable {
    /// A credit transfer (tag 29), which carries no reference that comes back.
    case target(PromptPayTarget)
    /// A biller (tag 30), whose reference 1 comes back with the payment.
    case biller(id: String)

    /// Reads a biller's 15 digits.
    ///
    /// - Throws: `PromptPayError`.
    package init(billerID: String) throws(PromptPayError) {
        self = .biller(id: try PromptPayTarget.billerID(billerID))
    }

    /// Reads a target as people write it; a biller needs no references here, for each charge gets its own.
    ///
    /// - Throws: `PromptPayError`.
    package init(target text: String) throws(PromptPayError) {
        let prefix = "biller:"
        if text.hasPrefix(prefix) {
            try self.init(billerID: String(text.dropFirst(prefix.count)))
        } else {
            self = .target(try PromptPayTarget(text: text))
        }
    }

    /// The target of one charge's QR.
    func target(reference: String) throws(PromptPayError) -> PromptPayTarget {
        switch self {
        case .target(let target): target
        case .biller(let id): try .biller(id, reference1: reference, reference2: PromptPayReference.attempt)
        }
    }
}
