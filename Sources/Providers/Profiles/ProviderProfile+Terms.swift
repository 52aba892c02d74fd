import Payments

extension FeeSchedule {
    /// Reads `fees`: `rate` and `vat` in hundredths, `fixed` with its `currency`, `rounding`, and `vat_included` where the VAT is in it.
    ///
    /// - Throws: `ProfileError` that names the member.
    init(_ reader: ProfileReader) throws(ProfileError) {
        try reader.allowOnly(["rate", "fixed", "currency", "vat", "vat_included", "rounding"])
        var fixed: Amount?
        if reader.has("fixed") || reader.has("currency") {
            guard let asset = Asset(code: try reader.text("currency")) else { throw reader.error("has an unknown currency") }
            fixed = try reader.amount("fixed", asset)
        }
        self.init(
            rate: try reader.percentage("rate"),
            fixed: fixed,
            vat: try reader.percentage("vat"),
            includesVAT: reader.has("vat_included") ? try reader.flag("vat_included") : false,
            rounding: try reader.choice("rounding")
        )
    }
}

extension SettlementTerms {
    /// Reads `settlement`: `delay_days`, `cut_off` as `23:00` or `00:00` for midnight, and `zone`.
    ///
    /// - Throws: `ProfileError` that names the member.
    init(_ reader: ProfileReader) throws(ProfileError) {
        try reader.allowOnly(["delay_days", "cut_off", "zone"])
        guard let days = Int64(try reader.text("delay_days")), (0...365).contains(days) else {
            throw reader.error("has delay_days that are no number of days")
        }
        let minutes = try SettlementTerms.minutes(try reader.text("cut_off"), reader)
        self.init(delayDays: days, cutOffMinutes: minutes == 0 ? nil : minutes, zone: try reader.choice("zone"))
    }

    private static func minutes(_ text: String, _ reader: ProfileReader) throws(ProfileError) -> Int64 {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard text.utf8.count == 5, parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy(Slip.isDigit) }),
            let hour = Int64(parts[0]), let minute = Int64(parts[1]), hour < 24, minute < 60
        else { throw reader.error("has a cut_off that is no time of the day") }
        return hour * 60 + minute
    }
}
