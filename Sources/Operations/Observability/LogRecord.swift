import Logging

/// A log event with everything that belongs on its line, before it takes the form of one.
struct LogRecord: Sendable {
    let time: LogTime
    let level: Logger.Level
    let message: String
    let label: String
    /// The metadata of the handler, of the provider and of the event, the later winning; an attached error is `error`.
    let metadata: Logger.Metadata

    init(_ event: LogEvent, label: String, handlerMetadata: Logger.Metadata, provider: Logger.MetadataProvider?, time: LogTime) {
        self.time = time
        self.label = label
        level = event.level
        message = event.message.description
        var merged = handlerMetadata
        if let provided = provider?.get(), !provided.isEmpty { merged.merge(provided) { $1 } }
        if let own = event.metadata { merged.merge(own) { $1 } }
        if let error = event.error, merged["error"] == nil { merged["error"] = .string("\(error)") }
        metadata = merged
    }

    /// Longer texts are cut, so that one value cannot fill the disk; counted in Unicode scalars.
    static let textLengthMax = 8192
}
