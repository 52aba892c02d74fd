/// Certificates in the text form of RFC 7468, section 5.
///
/// Only blocks labelled exactly `CERTIFICATE` count; text between blocks is allowed, as the RFC has it, and nothing is ever decrypted.
enum PEM {
    private static let begin = Array("-----BEGIN CERTIFICATE-----".utf8)
    private static let end = Array("-----END CERTIFICATE-----".utf8)
    private static let columns = 64

    /// The contents of the blocks, in the order in which they stand.
    ///
    /// - Throws: ``CryptographyError`` with `malformedCertificate` for a block that is not closed or not Base64.
    static func certificateBlocks(_ text: [UInt8]) throws(CryptographyError) -> [[UInt8]] {
        var blocks: [[UInt8]] = []
        var open: [UInt8]?
        for line in text.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            let trimmed = PEM.withoutTrailingBlanks(line)
            if trimmed.elementsEqual(begin) {
                guard open == nil else { throw CryptographyError(.malformedCertificate) }
                open = []
            } else if trimmed.elementsEqual(end) {
                guard let characters = open, let block = try? Base64.decode(String(decoding: characters, as: UTF8.self)), !block.isEmpty
                else { throw CryptographyError(.malformedCertificate) }
                blocks.append(block)
                open = nil
            } else {
                open?.append(contentsOf: trimmed)
            }
        }
        guard open == nil else { throw CryptographyError(.malformedCertificate) }
        return blocks
    }

    /// One block, in lines of 64 characters.
    static func text(_ certificate: [UInt8]) -> String {
        var rest = Array(Base64.encode(certificate).utf8)[...]
        var lines = [String(decoding: begin, as: UTF8.self)]
        while !rest.isEmpty {
            lines.append(String(decoding: rest.prefix(columns), as: UTF8.self))
            rest = rest.dropFirst(columns)
        }
        lines.append(String(decoding: end, as: UTF8.self))
        return lines.joined(separator: "\n") + "\n"
    }

    private static func withoutTrailingBlanks(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        while let last = line.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") { line.removeLast() }
        return line
    }
}
