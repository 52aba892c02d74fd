/// When a provider is asked again after an unknown outcome.
enum ProviderCallSchedule {
    /// The wait after `attempts` tries: from one second, doubling, to ten minutes, with jitter; never less than was asked for.
    ///
    /// What was asked for gets jitter too, upwards only, or all that wait would come back in the same moment.
    static func delay(afterAttempts attempts: Int, asked: Duration?, random: inout some RandomNumberGenerator) -> Duration {
        let seconds = 1 << min(max(attempts, 1) - 1, 10)
        let base = Duration.seconds(min(seconds, 600))
        let jittered = base * Int.random(in: 80...120, using: &random) / 100
        let patience = min(asked ?? .zero, .seconds(3600)) * Int.random(in: 100...120, using: &random) / 100
        return max(jittered, patience)
    }
}
