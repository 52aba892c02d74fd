/// One JSON value, as RFC 8259 section 3 defines it.
///
/// Numbers keep their source text and objects their source order, so a value that was parsed serialises to the same meaning to the
/// last digit. Equality is that of the parts: numbers by text (`1.0` is not `1`), objects by members in order.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}
