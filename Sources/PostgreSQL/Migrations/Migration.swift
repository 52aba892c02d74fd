/// One step of the schema, run once and never edited after it has landed.
package struct Migration: Sendable, Hashable {
    /// Counts from 1 without gaps.
    package let number: Int
    package let name: String
    package let sql: String

    /// Describes a step.
    package init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }
}
