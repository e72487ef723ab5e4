internal import CoreMetrics
internal import Foundation
internal import Logging
internal import Metrics

/// Sets up logs and metrics for the process; once, before anything logs.
enum Observability {
    static func start(_ settings: Settings) -> MetricsRegistry {
        let level = settings.logLevel.swiftLogLevel
        let format = settings.logFormat
        LoggingSystem.bootstrap { label in
            var handler = LineLogHandler(label: label, format: format)
            handler.logLevel = level
            return handler
        }
        let registry = MetricsRegistry()
        MetricsSystem.bootstrap(PrometheusFactory(registry: registry))
        return registry
    }
}

extension LogLevel {
    var swiftLogLevel: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        }
    }
}
