/// What is known of one environment variable without reading it.
///
/// The declarations are the single place from which the reader, the error messages and the printed table are made.
package struct SettingDeclaration: Sendable, Equatable {
    /// The variable's name, for example `DATABASE_URL`.
    package let name: String

    /// What it sets, in a phrase for the operator, in Markdown.
    package let meaning: String

    /// The default as an operator reads it, in Markdown; "unset" where nothing is assumed.
    package let defaultText: String

    /// What a value must look like, to follow the words "it must be".
    package let expectation: String

    /// Whether the value is kept out of logs, errors and reports.
    package let isSecret: Bool

    /// The variable that names a file holding the value instead, so that it stays out of the process's environment.
    package var fileVariable: String { name + "_FILE" }
}

/// A declaration together with the parser of its value.
package struct Setting<Value: Sendable>: Sendable {
    /// What is known of the variable.
    package let declaration: SettingDeclaration

    /// Turns its text into the value, or refuses it.
    let parser: SettingParser<Value>

    init(_ name: String, _ meaning: String, default defaultText: String = "unset", _ parser: SettingParser<Value>) {
        self.parser = parser
        declaration = SettingDeclaration(
            name: name,
            meaning: meaning,
            defaultText: defaultText,
            expectation: parser.expectation,
            isSecret: parser.isSecret
        )
    }
}
