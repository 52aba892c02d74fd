import Testing

@testable import Gateway

@Suite("How many items a batch takes")
struct BatchSizeTests {
    @Test("it shrinks with each failure down to one, and grows with each success up to the most")
    func bounds() {
        var size = BatchSize(maximum: 500)
        var shrinking: [Int] = []
        for _ in 0..<6 {
            shrinking.append(size.current)
            size.shrink()
        }
        #expect(shrinking == [500, 125, 31, 7, 1, 1])
        var growing: [Int] = []
        for _ in 0..<11 {
            growing.append(size.current)
            size.grow()
        }
        #expect(growing == [1, 2, 4, 8, 16, 32, 64, 128, 256, 500, 500])
    }

    @Test("there is always one item")
    func one() {
        #expect(BatchSize(maximum: 0).current == 1)
    }
}
