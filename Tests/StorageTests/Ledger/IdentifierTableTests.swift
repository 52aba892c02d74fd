import TestSupport
import Testing

@testable import Storage

@Suite("Table by identifier")
struct IdentifierTableTests {
    @Test("it holds what a dictionary holds, after any insertions and removals", arguments: [4, 40, 4000])
    func model(keyCount: Int) {
        var random = SeededRandom.printed("identifier table")
        let keys = (0..<keyCount).map { UInt128($0) << 90 | UInt128($0 % 7) }
        var table = IdentifierTable<Int>(capacity: 4)
        var model: [UInt128: Int] = [:]
        for step in 0..<20_000 {
            let key = keys[Int.random(in: 0..<keyCount, using: &random)]
            if Bool.random(using: &random) {
                table.insert(step, for: key)
                model[key] = step
            } else {
                #expect(table.remove(key) == model.removeValue(forKey: key))
            }
            #expect(table.count == model.count)
        }
        for key in keys {
            #expect(table[key] == model[key])
            #expect(table.contains(key) == (model[key] != nil))
        }
        #expect(Dictionary(uniqueKeysWithValues: table.all.map { ($0.key, $0.value) }) == model)
    }
}
