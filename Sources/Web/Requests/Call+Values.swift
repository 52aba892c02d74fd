import Foundation
import Hummingbird
import Payments

extension Call {
    /// A query parameter that is a time; nil when it is missing.
    ///
    /// - Throws: `Problem` when it is no RFC 3339 time.
    func time(_ name: String) throws(Problem) -> Timestamp? {
        guard let text = query(name) else { return nil }
        guard let time = Timestamp(rfc3339: text) else {
            throw Problem(.invalidRequest, detail: "\(name) must be a time such as 2026-11-23T09:30:00Z.")
        }
        return time
    }

    /// The account that the path names.
    ///
    /// - Throws: `Problem` with `not_found`, when no account can have that name.
    func accountName() throws(Problem) -> AccountName {
        guard let text = parameters.get("name")?.removingPercentEncoding, let name = AccountName(text) else { throw Problem(.notFound) }
        return name
    }
}
