import ServiceLifecycle

/// When a worker's loop ends: at graceful shutdown, after it has finished what it has in hand, or when it is cancelled.
enum Shutdown {
    /// Whether the process is stopping.
    static var isRequested: Bool {
        Task.isCancelled || Task.isShuttingDownGracefully
    }

    /// Waits, but not beyond the begin of a shutdown.
    static func sleep(for duration: Duration) async {
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: duration) }
    }
}
