import Cryptography
import Payments
import Synchronization

/// The certificates of PayPal's webhooks by their addresses, each fetched once however many wait for it.
///
/// A certificate that was found good is kept until the first of its chain ends. What could not be had, and what was refused, is remembered
/// for a short while, and only so many new addresses are tried in a minute: whoever invents addresses makes no traffic.
final class PayPalCertificates: Sendable {
    /// What is known about an address.
    enum Standing: Sendable {
        case good(RSAPublicKey)
        /// The certificate is there and must not be believed.
        case refused
        case unavailable(reason: String)
    }

    fileprivate struct Entry {
        let standing: Standing
        let until: Timestamp
    }

    fileprivate struct State {
        var entries: [String: Entry] = [:]
        var waiting: [String: [CheckedContinuation<Standing, Never>]] = [:]
        var fetches: [Timestamp] = []
    }

    /// What `settle` has to do for an address.
    fileprivate enum Turn {
        case known(Standing)
        case fetch
        case wait
    }

    fileprivate static let entriesMax = 256
    private static let failureIsKept = Duration.seconds(2)
    private static let refusalIsKept = Duration.seconds(60)
    fileprivate static let fetchesMax = 30
    fileprivate static let fetchesAreCounted = Duration.seconds(60)
    /// The names of PayPal's signing certificates, in both worlds.
    static let names: Set = ["messageverificationcerts.paypal.com", "messageverificationcerts.sandbox.paypal.com"]

    private let trust: TrustStore
    private let state = Mutex(State())

    init(trust: TrustStore) {
        self.trust = trust
    }

    /// What is known about an address at present, without asking anybody.
    func known(_ address: String, at now: Timestamp) -> Standing? {
        state.withLock { state in
            state.entries[address].flatMap { $0.until >= now ? $0.standing : nil }
        }
    }

    /// What is known about an address, after it was asked once if need be.
    func standing(of address: String, at now: Timestamp, fetch: @Sendable () async -> ProviderAnswer) async -> Standing {
        switch state.withLock({ $0.turn(address, at: now) }) {
        case .known(let standing): return standing
        case .wait:
            return await withCheckedContinuation { continuation in
                let standing = state.withLock { state -> Standing? in
                    // It may have come since the turn was given.
                    guard state.waiting[address] != nil else {
                        return state.entries[address]?.standing ?? .unavailable(reason: "the certificate did not stay")
                    }
                    state.waiting[address, default: []].append(continuation)
                    return nil
                }
                if let standing { continuation.resume(returning: standing) }
            }
        case .fetch:
            let entry = judge(await fetch(), at: now)
            let waiting = state.withLock { $0.settle(address, entry, at: now) }
            for continuation in waiting { continuation.resume(returning: entry.standing) }
            return entry.standing
        }
    }

    /// Reads what the address answered: the first certificate is the one meant, the rest may lead to somebody we trust.
    private func judge(_ answer: ProviderAnswer, at now: Timestamp) -> Entry {
        let body: [UInt8]
        switch answer {
        case .answered(200, _, let bytes): body = bytes
        case .answered(let status, _, _): return unavailable("the certificate's host answered \(status)", at: now)
        case .notSent(let reason), .unknown(let reason): return unavailable(reason, at: now)
        }
        guard let certificates = try? X509Certificate.readAll(pem: body), let leaf = certificates.first else {
            return unavailable("the certificate's host answered no certificate", at: now)
        }
        let refused = Entry(standing: .refused, until: now.advanced(by: PayPalCertificates.refusalIsKept))
        guard case .trusted(let until) = trust.verify(leaf, intermediates: Array(certificates.dropFirst()), at: now.seconds) else {
            return refused
        }
        let names = leaf.commonNames
        guard names.count == 1, PayPalCertificates.names.isSuperset(of: names), let key = leaf.rsaPublicKey else { return refused }
        return Entry(standing: .good(key), until: Timestamp(seconds: until))
    }

    private func unavailable(_ reason: String, at now: Timestamp) -> Entry {
        Entry(standing: .unavailable(reason: reason), until: now.advanced(by: PayPalCertificates.failureIsKept))
    }
}

extension PayPalCertificates.State {
    fileprivate mutating func turn(_ address: String, at now: Timestamp) -> PayPalCertificates.Turn {
        if let entry = entries[address], entry.until >= now { return .known(entry.standing) }
        guard waiting[address] == nil else { return .wait }
        let window = now.advanced(by: .zero - PayPalCertificates.fetchesAreCounted)
        fetches.removeAll { $0 <= window || $0 > now }
        guard fetches.count < PayPalCertificates.fetchesMax else {
            return .known(.unavailable(reason: "too many new certificate addresses in a minute"))
        }
        fetches.append(now)
        waiting[address] = []
        return .fetch
    }

    fileprivate mutating func settle(
        _ address: String,
        _ entry: PayPalCertificates.Entry,
        at now: Timestamp
    ) -> [CheckedContinuation<PayPalCertificates.Standing, Never>] {
        if entries.count >= PayPalCertificates.entriesMax { makeRoom(at: now) }
        entries[address] = entry
        return waiting.removeValue(forKey: address) ?? []
    }

    /// Drops what is over, then what is worth least: failures and refusals first, and of the rest what ends first.
    private mutating func makeRoom(at now: Timestamp) {
        entries = entries.filter { $0.value.until >= now }
        while entries.count >= PayPalCertificates.entriesMax, let first = entries.min(by: { $0.value.until < $1.value.until }) {
            entries[first.key] = nil
        }
    }
}
