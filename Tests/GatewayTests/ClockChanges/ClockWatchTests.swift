import Gateway
import Payments
import Testing

@Suite("The watch over the machine's clock")
struct ClockWatchTests {
    /// What the watch says of looks a second apart, at a clock that is wrong by these seconds.
    private static func changes(_ errors: [Double]) -> [Duration?] {
        var watch = ClockWatch()
        return errors.enumerated().map { second, error in
            let steady = Timestamp(seconds: 1000 + Int64(second))
            let wall = Timestamp(seconds: 1_795_460_000 + Int64(second)).advanced(by: .seconds(error))
            return watch.setBack(wall: wall, steady: steady)
        }
    }

    @Test("a clock that goes on, is set ahead or corrected by less than two seconds is left alone")
    func nothing() {
        #expect(Self.changes([0, 0, 3600, 3600, 3599, 3600, 3601, 3599.5]).allSatisfy { $0 == nil })
    }

    @Test("a clock that was set back is noticed once, with how far")
    func setBack() {
        #expect(Self.changes([0, -3600, -3600, -7200, 0, 0]) == [nil, .seconds(3600), nil, .seconds(3600), nil, nil])
        #expect(Self.changes([3600, 0, 0]) == [nil, .seconds(3600), nil])
        #expect(Self.changes([0, -2, -3.5]) == [nil, .seconds(2), nil])
    }
}
