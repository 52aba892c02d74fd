/// One thing to be written into the books, under the name it will have there.
package struct PostingRequest: Sendable, Hashable {
    package let id: EntryID
    package let content: Content
    /// Whether it is accepted only together with the request that follows.
    package let isLinkedToNext: Bool

    /// A new entry, or the end of a pending one.
    package enum Content: Sendable, Hashable {
        case entry(JournalEntry)
        case resolution(PendingResolution)
    }

    /// Asks for an entry.
    package init(_ id: EntryID, _ entry: JournalEntry, isLinkedToNext: Bool = false) {
        self.id = id
        content = .entry(entry)
        self.isLinkedToNext = isLinkedToNext
    }

    /// Asks for the end of a pending entry.
    package init(_ id: EntryID, _ resolution: PendingResolution, isLinkedToNext: Bool = false) {
        self.id = id
        content = .resolution(resolution)
        self.isLinkedToNext = isLinkedToNext
    }

    /// The identity of what is booked.
    package var cause: EntryCause {
        switch content {
        case .entry(let entry): entry.cause
        case .resolution(let resolution): resolution.cause
        }
    }

    /// Requests cut into groups that are accepted or refused together.
    package static func groups(of requests: [PostingRequest]) -> [Range<Int>] {
        var groups: [Range<Int>] = []
        var start = 0
        for (index, request) in requests.enumerated() where !request.isLinkedToNext || index == requests.count - 1 {
            groups.append(start..<index + 1)
            start = index + 1
        }
        return groups
    }
}
