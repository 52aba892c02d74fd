import Hummingbird
import StrictJSON

/// The page of a list that a caller asks for.
struct Paging: Sendable {
    let limit: Int
    /// The last item of the page before, as the caller got it.
    let after: String?

    private static let limitDefault = 20
    private static let limitMax = 100

    /// Reads `limit` and `after`.
    ///
    /// - Throws: `Problem` when the limit is not a number from 1 to 100.
    init(_ call: Call) throws(Problem) {
        if let text = call.query("limit") {
            guard let number = Int(text), (1...Paging.limitMax).contains(number) else {
                throw Problem(.invalidRequest, detail: "limit must be a number from 1 to \(Paging.limitMax).")
            }
            limit = number
        } else {
            limit = Paging.limitDefault
        }
        after = call.query("after")
    }

    /// The cursor read as an identifier.
    ///
    /// - Throws: `Problem` when it is none.
    func after<ID>(_ read: (String) -> ID?) throws(Problem) -> ID? {
        guard let after else { return nil }
        guard let id = read(after) else { throw Problem(.invalidRequest, detail: "after must be the `next` of the page before.") }
        return id
    }

    /// The page, made of up to one item more than asked for, which tells that there are more.
    func page<Item>(_ items: [Item], cursor: (Item) -> String, render: (Item) -> JSONValue) -> Response {
        page(items, cursor: cursor) { $1.write(render($0)) }
    }

    /// The page, of items that write themselves.
    func page<Item>(_ items: [Item], cursor: (Item) -> String, render: (Item, inout JSONWriter) -> Void) -> Response {
        let shown = items.prefix(limit)
        let hasMore = items.count > limit
        var writer = JSONWriter()
        writer.object { page in
            page.member("data") { data in
                data.array { array in
                    for item in shown { array.element { render(item, &$0) } }
                }
            }
            page.member("has_more", hasMore)
            page.member("next", hasMore ? shown.last.map(cursor) : nil)
        }
        return .bytes(writer.bytes, contentType: "application/json")
    }
}
