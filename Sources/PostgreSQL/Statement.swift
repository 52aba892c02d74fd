/// One SQL text with a name, prepared once on each connection that uses it.
package struct Statement: Sendable, Hashable {
    /// Unique over all statements; appears in errors.
    package let name: String
    package let sql: String

    /// Names a statement.
    package init(_ name: String, _ sql: String) {
        self.name = name
        self.sql = sql
    }

    package static func == (left: Statement, right: Statement) -> Bool {
        left.name == right.name
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
    }
}

/// A statement with its values.
package struct Command: Sendable {
    package let statement: Statement
    package let parameters: [Parameter]

    /// Joins a statement and its values.
    package init(_ statement: Statement, _ parameters: [Parameter] = []) {
        self.statement = statement
        self.parameters = parameters
    }
}
