import ArgumentParser
import StrictJSON

/// How a listing is printed.
enum ListingFormat: String, ExpressibleByArgument, CaseIterable {
    case table
    case json
    case csv
}

/// Rows of text under headings, printed as a table, as JSON or as CSV.
struct Listing {
    let columns: [String]
    let rows: [[String]]

    /// The whole listing as text.
    func text(_ format: ListingFormat) -> String {
        switch format {
        case .table: table
        case .json: json
        case .csv: csv
        }
    }

    private var table: String {
        let widths = columns.indices.map { column in
            ([columns] + rows).map { $0[column].count }.max() ?? 0
        }
        return ([columns] + rows).map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ").trimmingTrailingSpaces
        }.joined(separator: "\n")
    }

    private var json: String {
        let objects = rows.map { row in
            JSONValue.object(JSONObject(zip(columns, row).map { ($0, .string($1)) }))
        }
        return JSONValue.array(objects).text
    }

    /// RFC 4180: fields with a comma, a quote or a line break are quoted, quotes doubled.
    private var csv: String {
        ([columns] + rows).map { row in
            row.map { field in
                let needsQuotes = field.contains { $0 == "," || $0 == "\"" || $0.isNewline }
                return needsQuotes
                    ? "\"\(field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\"" : field
            }.joined(separator: ",")
        }.joined(separator: "\n")
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        var text = self[...]
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
