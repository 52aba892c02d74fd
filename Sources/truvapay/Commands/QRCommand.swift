import ArgumentParser
import Foundation
import Payments
import Providers
import QRCodes

/// `truvapay qr`.
struct QRCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "qr",
        abstract: "Print the payload of a PromptPay QR and draw it."
    )

    @Option(help: "Who is paid: mobile:…, national_id:…, tax_id:…, ewallet:… or biller:…; bare where it cannot be mistaken.")
    var target: String

    @Option(help: "Baht, for example 150.00; without it the payer types the amount.")
    var amount: String?

    @Option(help: "A reference label that is shown to the payee, up to 25 characters.")
    var reference: String?

    @Option(help: "Reference 1 of a bill, A-Z and 0-9, up to 20 characters.")
    var ref1: String?

    @Option(help: "Reference 2 of a bill, A-Z and 0-9, up to 20 characters.")
    var ref2: String?

    @Option(help: "Write a PNG to this file.")
    var png: String?

    @Option(help: "Write an SVG to this file.")
    var svg: String?

    @Flag(help: "Draw the QR in the terminal.")
    var terminal = false

    private static let pngPixels = 512

    func run() throws {
        let payload = try payload()
        print(payload)
        let symbol: QRSymbol
        do { symbol = try QRSymbol(payload) } catch { throw Refusal("the QR could not be drawn: \(error)") }
        if let png { try QRCommand.write(Data(try symbol.png(fittingPixels: QRCommand.pngPixels)), to: png) }
        if let svg { try QRCommand.write(Data(symbol.svg(pixels: nil).utf8), to: svg) }
        if terminal { print(symbol.terminal(inverted: false)) }
    }

    private func payload() throws -> String {
        do {
            var labels = PromptPayLabels()
            labels.reference = reference
            return try PromptPayPayload(
                target: PromptPayTarget(text: target, reference1: ref1, reference2: ref2),
                amount: try amount.map { try PromptPayAmount(text: $0) },
                labels: labels
            ).text
        } catch {
            throw Refusal("\(error)")
        }
    }

    private static func write(_ data: Data, to path: String) throws {
        do {
            try data.write(to: URL(fileURLWithPath: path))
        } catch {
            throw Refusal("\(path) could not be written")
        }
    }
}
