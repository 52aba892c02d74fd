/// Why nothing may be sent to a text as an address.
package enum CryptoAddressError: String, Error, Sendable, CaseIterable, CustomStringConvertible {
    case length = "bad_length"
    case character = "bad_character"
    case mixedCase = "mixed_case"
    case checksum = "bad_checksum"
    case checksumOfOtherVersion = "checksum_of_other_version"
    case prefix = "bad_prefix"
    case version = "bad_version"
    case programLength = "bad_program_length"
    case padding = "bad_padding"
    case otherNetwork = "other_network"
    case zeroAddress = "zero_address"

    package var description: String { "\(rawValue): \(sentence)" }

    private var sentence: String {
        switch self {
        case .length: "the address is too long or too short"
        case .character: "a character does not belong into an address of this network"
        case .mixedCase: "capital and small letters are mixed"
        case .checksum: "the checksum does not fit, so something was mistyped"
        case .checksumOfOtherVersion: "witness version 0 has a Bech32 checksum, all later ones Bech32m"
        case .prefix: "the address does not begin as those of this network do"
        case .version: "this is something else than an address, perhaps a key"
        case .programLength: "the witness program has not the length of its version"
        case .padding: "the last character carries bits that belong to nothing"
        case .otherNetwork: "the address is one of another network"
        case .zeroAddress: "what is sent to the zero address is lost"
        }
    }
}
