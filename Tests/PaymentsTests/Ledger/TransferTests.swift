import Payments
import Testing

@Suite("Transfer")
struct TransferTests {
    private let clearing = ChartOfAccounts.clearing(.stripe, .thb)
    private let payable = ChartOfAccounts.ordersPayable(.thb)

    @Test("zero and negative amounts do not move", arguments: [0, -1, Int128.min])
    func notPositive(satang: Int128) {
        #expect(throws: TransferError.amountNotPositive) {
            try Transfer(debit: clearing, credit: payable, amount: Amount(minorUnits: satang, asset: .thb))
        }
    }

    @Test("both accounts hold what moves")
    func assets() {
        #expect(throws: TransferError.assetMismatch) {
            try Transfer(debit: clearing, credit: payable, amount: Amount(minorUnits: 1, asset: .usd))
        }
        #expect(throws: TransferError.assetMismatch) {
            try Transfer(debit: clearing, credit: ChartOfAccounts.ordersPayable(.usd), amount: Amount(minorUnits: 1, asset: .thb))
        }
    }

    @Test("nothing moves from an account to itself")
    func sameAccount() {
        #expect(throws: TransferError.sameAccount) {
            try Transfer(debit: clearing, credit: clearing, amount: Amount(minorUnits: 1, asset: .thb))
        }
    }

    @Test("account names are segments of plain characters", arguments: ["", "a", "a:", ":a", "a:b c", "a:ก", "a:\n", "a:b:c:d:e:f:g:h:i"])
    func names(text: String) {
        #expect(AccountName(text) == nil)
    }

    @Test("a customer id that cannot be a segment has no wallet", arguments: ["", "a:b", "a b", String(repeating: "x", count: 65)])
    func wallets(customer: String) {
        #expect(ChartOfAccounts.wallet(customer: customer, .thb) == nil)
    }
}
