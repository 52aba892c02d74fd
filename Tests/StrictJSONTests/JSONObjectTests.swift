import StrictJSON
import Testing

@Suite("objects")
struct JSONObjectTests {
    @Test("members keep the order they were given in")
    func order() {
        let object: JSONObject = ["z": 1, "a": 2]
        #expect(object.names == ["z", "a"])
        #expect(object.members.map(\.value) == [1, 2])
        #expect(object != ["a": 2, "z": 1])
    }

    @Test("setting replaces in place or appends, and setting nil removes")
    func mutation() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["a"] = 3
        object["c"] = 4
        object["b"] = nil
        object["absent"] = nil
        #expect(object == ["a": 3, "c": 4])
        #expect(object.count == 2)
        #expect(!object.isEmpty)
        #expect(JSONObject().isEmpty)
    }

    @Test("a name given twice holds the later value in the earlier place")
    func repeatedName() {
        #expect(JSONObject([("a", 1), ("b", 2), ("a", 3)]) == ["a": 3, "b": 2])
    }
}
