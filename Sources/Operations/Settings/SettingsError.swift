/// Why the settings cannot be used: one line that names the variable and what is expected of it.
///
/// The line never holds a secret value nor a control character, so it may go to standard error and to logs as it is.
/// It is never retryable: the operator has to change the environment first.
package struct SettingsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of fault, stable for tests and for programs that read our output.
    package enum Code: String, Sendable {
        /// The variable is needed by another one that is set.
        case missing = "setting_missing"
        /// The value does not have the form it must have.
        case malformed = "setting_malformed"
        /// The variable and its `_FILE` form are both set.
        case givenTwice = "setting_given_twice"
        /// The file named by the `_FILE` form cannot be read as UTF-8 text.
        case unreadableFile = "setting_file_unreadable"
        /// Two values, each good in itself, contradict each other.
        case contradiction = "setting_contradiction"
    }

    /// The kind of fault.
    package let code: Code

    /// The environment variable to mend.
    package let variable: String

    /// The whole line, without a line break at its end.
    package let description: String

    /// Makes an error whose line starts with the variable's name.
    init(_ code: Code, _ variable: String, _ explanation: String) {
        self.code = code
        self.variable = variable
        description = "\(variable) \(explanation)".escapingControlCharacters
    }
}
