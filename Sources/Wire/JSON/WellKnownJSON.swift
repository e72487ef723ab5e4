import CGatehouseProtos
import JSON

/// The messages that have a JSON form of their own.
enum WellKnownJSON {
    case timestamp, duration, fieldMask

    init?(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>) {
        guard let name = unsafe descriptor.pointee.name else { return nil }
        switch unsafe String(cString: name) {
        case "google.protobuf.Timestamp": self = .timestamp
        case "google.protobuf.Duration": self = .duration
        case "google.protobuf.FieldMask": self = .fieldMask
        default: return nil
        }
    }

    /// The encoding of a JSON string.
    func bytes(_ value: JSONValue) throws(WireError) -> [UInt8] {
        guard case .string(let text) = value else { throw WireError(.malformed) }
        switch self {
        case .timestamp:
            guard let (seconds, nanoseconds) = TimeText.timestamp(text) else { throw WireError(.malformed) }
            return Self.pair(seconds, nanoseconds)
        case .duration:
            guard let (seconds, nanoseconds) = TimeText.duration(text) else { throw WireError(.malformed) }
            return Self.pair(seconds, nanoseconds)
        case .fieldMask:
            var result: [UInt8] = []
            for path in text.utf8.split(separator: UInt8(ascii: ",")) {
                let name = Array(JSONNames.snake(String(path) ?? "").utf8)
                result.append(0x0A)
                WireWriting.varint(UInt64(name.count), to: &result)
                result += name
            }
            return result
        }
    }

    /// The JSON string of decoded fields, by field number.
    func value(_ fields: [UInt32: [JSONValue]]) throws(WireError) -> JSONValue {
        if self == .fieldMask {
            let paths = (fields[1] ?? []).map { if case .string(let path) = $0 { JSONNames.camel(path) } else { "" } }
            return .string(paths.joined(separator: ","))
        }
        let seconds = Self.integer(fields[1])
        guard let nanoseconds = Int32(exactly: Self.integer(fields[2])) else { throw WireError(.outOfRange) }
        let text =
            self == .timestamp
            ? TimeText.text(timestamp: seconds, nanoseconds) : TimeText.text(duration: seconds, nanoseconds)
        guard let text else { throw WireError(.outOfRange) }
        return .string(text)
    }

    private static func pair(_ seconds: Int64, _ nanoseconds: Int32) -> [UInt8] {
        var result: [UInt8] = []
        for (tag, number) in [(0x08 as UInt8, seconds), (0x10, Int64(nanoseconds))] where number != 0 {
            result.append(tag)
            WireWriting.varint(UInt64(bitPattern: number), to: &result)
        }
        return result
    }

    private static func integer(_ values: [JSONValue]?) -> Int64 {
        switch values?.last {
        case .string(let digits), .number(let digits): Int64(digits) ?? 0
        default: 0
        }
    }
}
