/// Why a text was refused, and at which byte.
///
/// Carries nothing of the text itself, so it is safe in logs and answers.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of fault.
    package enum Code: String, Sendable, CaseIterable {
        case byteOrderMark
        case controlCharacter
        case duplicateMember
        case invalidEscape
        case invalidNumber
        case invalidUTF8
        case loneSurrogate
        case nulCharacter
        case tooDeep
        case tooLarge
        case tooManyElements
        case tooManyMembers
        case trailingCharacters
        case trailingComma
        case unexpectedCharacter
        case unexpectedEnd
    }

    package let code: Code
    /// Distance of the fault from the first byte of the text.
    package let offset: Int

    /// Names a fault and its place.
    package init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }

    package var description: String {
        "JSON refused: \(code.rawValue) at byte \(offset)"
    }
}
