/// Why a QR code could not be made; carries nothing of the text, so it is safe in logs.
package enum QRCodeError: String, Error, Sendable, Hashable, CaseIterable {
    /// There is nothing to encode.
    case emptyText
    /// The text holds a NUL, at which the encoder would stop without a word.
    case nulCharacter
    /// The text does not fit the largest symbol (version 40) at the wanted error correction.
    case textTooLong
    /// The side of the picture is outside 64 to 4096 pixels, or too small to give each module a pixel.
    case sizeOutOfRange
    /// The encoder or libpng refused for another reason, such as missing memory.
    case libraryFailure

    /// The stable name of the fault.
    package var code: String { rawValue }
}
