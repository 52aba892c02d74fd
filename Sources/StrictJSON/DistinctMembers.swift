/// Members collected while reading an object, with the check that no name comes twice.
struct DistinctMembers {
    /// Up to here comparing with each earlier name is faster than hashing; beyond it a hostile body would make the work quadratic.
    private static let linearLimit = 64

    private(set) var members: [JSONObject.Member] = []
    private var names: Set<String> = []

    /// Starts with room for a usual object.
    init() {
        members.reserveCapacity(8)
    }

    var count: Int {
        members.count
    }

    /// True when no collected member has this name.
    func isNew(_ name: String) -> Bool {
        guard names.isEmpty else { return !names.contains(name) }
        for member in members where member.name == name {
            return false
        }
        return true
    }

    /// Adds a member whose name is new.
    mutating func append(_ name: String, _ value: JSONValue) {
        members.append(JSONObject.Member(name: name, value: value))
        if !names.isEmpty {
            names.insert(name)
        } else if members.count > Self.linearLimit {
            names = Set(members.map(\.name))
        }
    }
}
