extension Settings {
    /// All settings as a Markdown table, the same that is committed in `docs/settings.md`; a line each, without a line break at the end.
    package static var markdownTable: String {
        let head = ["| variable | meaning | default | must be | secret |", "|---|---|---|---|---|"]
        let rows = SettingsTable.all.map { declaration in
            let cells = [
                "`\(declaration.name)`", declaration.meaning, declaration.defaultText, declaration.expectation,
                declaration.isSecret ? "yes" : "",
            ]
            return "| " + cells.joined(separator: " | ") + " |"
        }
        return (head + rows).joined(separator: "\n")
    }
}
