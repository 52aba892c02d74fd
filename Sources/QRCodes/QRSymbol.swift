internal import CQREncode
internal import Glibc

/// A QR code as a square of dark and light modules.
///
/// ISO/IEC 18004: the smallest version that holds the text is chosen. Upper and lower case are kept. Text outside ASCII is stored as
/// UTF-8 bytes, which readers recognise. Every rendering adds the quiet zone.
package struct QRSymbol: Sendable, Hashable {
    /// How much of a damaged symbol can be restored.
    package enum Correction: Sendable, CaseIterable {
        /// About 7 %.
        case low
        /// About 15 %.
        case medium
        /// About 25 %.
        case quartile
        /// About 30 %.
        case high
    }

    /// ISO/IEC 18004 section 6.3.8: a light margin of four modules on each side.
    package static let quietZone = 4

    /// Modules along one side, without the quiet zone.
    package let side: Int
    private let darkness: [Bool]

    /// Encodes a text.
    ///
    /// - Throws: ``QRCodeError`` with `emptyText`, `nulCharacter`, `textTooLong` or `libraryFailure`.
    package init(_ text: String, correction: Correction = .medium) throws(QRCodeError) {
        guard !text.isEmpty else { throw .emptyText }
        guard !text.utf8.contains(0) else { throw .nulCharacter }
        errno = 0
        // Version 0 asks for the smallest; 1 keeps lower case instead of folding it into the denser alphanumeric mode.
        guard let code = unsafe QRcode_encodeString(text, 0, correction.level, QR_MODE_8, 1) else {
            throw errno == ERANGE ? .textTooLong : .libraryFailure
        }
        defer { unsafe QRcode_free(code) }
        side = Int(unsafe code.pointee.width)
        // The lowest bit of a module tells dark from light; the others tell what it is for.
        darkness = unsafe UnsafeBufferPointer(start: code.pointee.data, count: side * side).map { $0 & 1 == 1 }
    }

    /// Modules along one side of a rendering, quiet zone included.
    var extent: Int {
        side + 2 * Self.quietZone
    }

    /// True for a dark module; positions outside the symbol belong to the quiet zone and are light.
    package func isDark(row: Int, column: Int) -> Bool {
        guard (0..<side).contains(row), (0..<side).contains(column) else { return false }
        return darkness[row * side + column]
    }
}

extension QRSymbol.Correction {
    fileprivate var level: QRecLevel {
        switch self {
        case .low: QR_ECLEVEL_L
        case .medium: QR_ECLEVEL_M
        case .quartile: QR_ECLEVEL_Q
        case .high: QR_ECLEVEL_H
        }
    }
}
