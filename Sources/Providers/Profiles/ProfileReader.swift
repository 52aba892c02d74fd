import Payments
import Yams

/// Reads one mapping of a profile and knows where in the file it stands.
struct ProfileReader {
    let file: String
    let path: String
    let mapping: Node.Mapping

    func error(_ problem: String) -> ProfileError {
        ProfileError(file: file, "\(path.isEmpty ? "the file" : path) \(problem)")
    }

    /// Refuses members that nobody reads, because they may be misspelt.
    func allowOnly(_ names: Set<String>) throws(ProfileError) {
        for key in mapping.keys where !names.contains(key.string ?? "") {
            throw error("has the unknown member \(key.string ?? "?")")
        }
    }

    func text(_ name: String) throws(ProfileError) -> String {
        guard let text = mapping[Node(name)]?.scalar?.string else { throw error("lacks \(name)") }
        return text
    }

    func optionalText(_ name: String) -> String? {
        mapping[Node(name)]?.scalar?.string
    }

    func has(_ name: String) -> Bool { mapping[Node(name)] != nil }

    /// One of the texts of a closed set.
    func choice<Value: RawRepresentable & CaseIterable>(
        _ name: String,
        _ type: Value.Type = Value.self
    ) throws(ProfileError) -> Value where Value.RawValue == String {
        guard let value = Value(rawValue: try text(name)) else {
            throw error("has a \(name) that is none of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return value
    }

    func flag(_ name: String) throws(ProfileError) -> Bool {
        switch try text(name) {
        case "true": return true
        case "false": return false
        default: throw error("has a \(name) that is neither true nor false")
        }
    }

    func percentage(_ name: String) throws(ProfileError) -> Percentage {
        guard let percentage = Percentage(try text(name)) else { throw error("has a \(name) that is no percentage") }
        return percentage
    }

    func mapping(_ name: String) throws(ProfileError) -> ProfileReader {
        guard let inner = mapping[Node(name)]?.mapping else { throw error("lacks \(name)") }
        return ProfileReader(file: file, path: path.isEmpty ? name : "\(path).\(name)", mapping: inner)
    }

    /// The members of an inner mapping, each a mapping of its own.
    func mappings(_ name: String) throws(ProfileError) -> [(String, ProfileReader)] {
        let outer = try mapping(name)
        var members: [(String, ProfileReader)] = []
        for key in outer.mapping.keys {
            guard let text = key.string else { throw outer.error("has a member without a name") }
            members.append((text, try outer.mapping(text)))
        }
        return members
    }

    func amount(_ name: String, _ asset: Asset) throws(ProfileError) -> Amount {
        guard let amount = try? Amount(decimal: try text(name), asset: asset) else { throw error("has a \(name) that is no amount") }
        return amount
    }

    func seconds(_ name: String) throws(ProfileError) -> Duration {
        guard let number = Int(try text(name)), number > 0 else { throw error("has a \(name) that is no number of seconds") }
        return .seconds(number)
    }

    func optionalSeconds(_ name: String) throws(ProfileError) -> Duration? {
        guard let node = mapping[Node(name)], node.scalar?.string != "none" else { return nil }
        return try seconds(name)
    }
}
