extension Dictionary where Key == String {
    /// Event types by what they mean, from a table that lists the types of each meaning.
    init(meanings: [(Value, [String])]) {
        self.init(minimumCapacity: meanings.reduce(0) { $0 + $1.1.count })
        for (meaning, types) in meanings { for type in types { self[type] = meaning } }
    }
}
