internal import Foundation
internal import Logging

/// Writes one line per event to standard error, as text or JSON.
///
/// Values are escaped byte by byte, so that nothing a stranger sends can end a line, move the cursor or turn the text
/// around (SECURITY LOG-05).
struct LineLogHandler: LogHandler {
    let label: String
    let format: LogFormat
    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, format: LogFormat) {
        self.label = label
        self.format = format
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let given = event.metadata { all.merge(given) { $1 } }
        let fields = all.map { ($0.key, $0.value.description) }.sorted { $0.0 < $1.0 }
        let line = LogLine(
            level: event.level.rawValue,
            label: label,
            message: event.message.description,
            fields: fields
        )
        let bytes = Array((format == .json ? line.json : line.text).utf8)
        // One write, so that lines of several threads do not mix.
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

/// One event, as text or JSON.
struct LogLine {
    let level: String
    let label: String
    let message: String
    let fields: [(key: String, value: String)]
    var time = LogLine.now()

    /// For people, such as `2026-01-02T03:04:05.678Z warning gatehouse: Text key=value`.
    var text: String {
        let pairs = fields.map { " \($0.key)=\(LogLine.quoted($0.value))" }.joined()
        return "\(time) \(level) \(label): \(LogLine.escaped(message))\(pairs)\n"
    }

    var json: String {
        let pairs =
            [("time", time), ("level", level), ("label", label), ("message", message)]
            + fields.map { ($0.key, $0.value) }
        let members = pairs.map { "\"\(LogLine.escaped($0.0))\":\"\(LogLine.escaped($0.1))\"" }
        return "{\(members.joined(separator: ","))}\n"
    }

    private static func quoted(_ value: String) -> String {
        let isPlain =
            !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x3D && $0 != 0x5C }
        return isPlain ? value : "\"\(escaped(value))\""
    }

    /// Printable ASCII stays, everything else becomes a JSON escape; so bidirectional overrides cannot act either.
    static func escaped(_ text: String) -> String {
        var result = ""
        for unit in text.utf16 {
            switch unit {
            case 0x22: result += "\\\""
            case 0x5C: result += "\\\\"
            case 0x0A: result += "\\n"
            case 0x20...0x7E: result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default: result += "\\u" + hexadecimal(unit)
            }
        }
        return result
    }

    private static func hexadecimal(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }

    private static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        var parts = tm()
        gmtime_r(&time.tv_sec, &parts)
        let numbers = [
            parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
        ]
        .map { $0 < 10 ? "0\($0)" : "\($0)" }
        let milliseconds = String(1000 + time.tv_nsec / 1_000_000).dropFirst()
        return "\(numbers[0])-\(numbers[1])-\(numbers[2])T\(numbers[3]):\(numbers[4]):\(numbers[5]).\(milliseconds)Z"
    }
}
