import PostgreSQL
import TestSupport

/// Changes ledger tables as somebody could who owns the database: no trigger, no privilege and no constraint is in the way.
struct Falsification {
    /// Every table whose rows the ledger vouches for.
    static let tables = [
        "journal_anchors", "journal_entries", "journal_record_seals", "journal_seals", "ledger_account_closures", "ledger_accounts",
        "ledger_balances", "ledger_open_entries", "transfers",
    ]
    static let setup = ["SET session_replication_role = replica"]

    /// A column as the catalogue has it.
    struct Column: Sendable {
        let table: String
        let name: String
        let type: String
    }

    let pool: ConnectionPool
    var tables = Self.tables

    /// Takes away the checks and references, and keeps a copy of every table.
    func prepare() async throws {
        let checks = try await pool.execute(
            Statement(
                "falsification_checks",
                """
                SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint
                WHERE contype IN ('c', 'f')
                    AND (conrelid::regclass::text = ANY($1::text[]) OR confrelid::regclass::text = ANY($1::text[]))
                """
            ),
            [.texts(tables)]
        )
        for row in checks.rows { try await run(try row.text(0)) }
        for table in tables {
            try await run("CREATE TABLE kept_\(table) AS TABLE \(table)")
            // From here on every row lies where it will lie after each restoration.
            try await restore(table)
        }
    }

    /// Puts a table back as it was.
    func restore(_ table: String) async throws {
        try await run("TRUNCATE \(table); INSERT INTO \(table) SELECT * FROM kept_\(table)")
    }

    /// Runs statements.
    func run(_ sql: String) async throws {
        _ = try await pool.withSession { try await $0.executeScript(sql) }
    }

    /// One text.
    func text(_ sql: String) async throws -> String? {
        let result = try await pool.withSession { try await $0.executeScript(sql) }
        return try result.last.flatMap { $0.rowCount > 0 ? try $0[0].optionalText(0) : nil }
    }

    /// All columns of the tables, as they are in the database.
    func columns() async throws -> [Column] {
        let result = try await pool.execute(
            Statement(
                "falsification_columns",
                """
                SELECT table_name::text, column_name::text, udt_name::text FROM information_schema.columns
                WHERE table_schema = 'public' AND table_name::text = ANY($1::text[]) ORDER BY 1, ordinal_position
                """
            ),
            [.texts(tables)]
        )
        return try result.rows.map { Column(table: try $0.text(0), name: try $0.text(1), type: try $0.text(2)) }
    }

    /// Places of rows that have a value in the column, or of those that have none.
    func rows(_ column: Column, isNull: Bool) async throws -> [String] {
        let condition = isNull ? "IS NULL" : "IS NOT NULL\(column.type.hasPrefix("_") ? " AND cardinality(\(column.name)) > 0" : "")"
        let list = try await text(
            "SELECT string_agg(ctid::text, ';' ORDER BY \(column.name), ctid) FROM \(column.table) WHERE \(column.name) \(condition)"
        )
        let all = list?.split(separator: ";").map(String.init) ?? []
        // Numbers that are part of a key are raised in the last row only, where nothing is in the way.
        return column.type.hasPrefix("int") ? Array(all.suffix(1)) : all
    }

    /// SQL for the value with one byte or one unit changed; nil for a type that is not known.
    static func changed(_ column: Column) -> String? {
        let (element, type) =
            column.type.hasPrefix("_") ? ("\(column.name)[1]", String(column.type.dropFirst())) : (column.name, column.type)
        let value: String
        switch type {
        case "uuid": value = "translate(right(\(element)::text, 1), '0123456789abcdef', '1032547698badcfe')"
        case "text": return "\(element) = overlay(\(element) PLACING chr(ascii(\(element)) # 1) FROM 1 FOR 1)"
        case "bytea": return "\(element) = set_byte(\(element), 31, get_byte(\(element), 31) # 1)"
        case "timestamptz": return "\(element) = \(element) + interval '1 microsecond'"
        case "bool": return "\(element) = NOT \(element)"
        case "numeric", "int8", "int2": return "\(element) = \(element) + 1"
        default: return nil
        }
        return "\(element) = (left(\(element)::text, 35) || \(value))::uuid"
    }

    /// SQL for a value where none was.
    static func filled(_ column: Column) -> String? {
        switch column.type {
        case "uuid": "\(column.name) = gen_random_uuid()"
        case "text": "\(column.name) = 'x'"
        case "timestamptz": "\(column.name) = '2026-01-01Z'"
        case "_uuid": "\(column.name) = ARRAY[gen_random_uuid()]"
        default: nil
        }
    }
}
