import TestSupport
import Testing

@testable import Gateway

@Suite("How many items a batch takes")
struct BatchSizeTests {
    @Test("it shrinks with each failure down to one, and grows up to the most after several full batches of each size")
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
            for _ in 1..<BatchSize.successesToGrow {
                size.succeed(with: size.current)
                #expect(size.current == growing.last)
            }
            size.succeed(with: size.current)
        }
        #expect(growing == [1, 2, 4, 8, 16, 32, 64, 128, 256, 500, 500])
    }

    @Test("a failure begins the count anew, and batches that were not full do not count")
    func count() {
        var size = BatchSize(maximum: 8)
        size.shrink()
        size.succeed(with: 2)
        size.succeed(with: 2)
        size.shrink()
        #expect(size.current == 1)
        size.succeed(with: 1)
        size.succeed(with: 1)
        #expect(size.current == 1)
        size.succeed(with: 1)
        #expect(size.current == 2)
        for _ in 0..<20 { size.succeed(with: 1) }
        for _ in 0..<20 { size.succeed(with: 0) }
        #expect(size.current == 2)
    }

    @Test("where each item fails one commit in twenty, most batches succeed all the same")
    func often() {
        var random = SeededRandom(seed: 7)
        var size = BatchSize(maximum: 500)
        var (failures, successes) = (0, 0)
        for _ in 0..<2000 {
            let fails = (0..<size.current).contains { _ in Int.random(in: 0..<20, using: &random) == 0 }
            if fails {
                failures += 1
                size.shrink()
            } else {
                successes += 1
                size.succeed(with: size.current)
            }
        }
        #expect(failures * 3 < successes, "\(failures) of \(failures + successes)")
    }

    @Test("there is always one item")
    func one() {
        #expect(BatchSize(maximum: 0).current == 1)
    }
}
