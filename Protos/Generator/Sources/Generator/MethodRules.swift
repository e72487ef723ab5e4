import Foundation
import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The options of a method, read from gatehouse/v1/options.proto's extension numbers.
struct MethodRules {
    var permission = ""
    var userAccess: UInt64 = 0
    var stepUp: UInt64 = 0
    var maximumRequestBytes: UInt64 = 0
    var isReadOnly = false

    /// Reads the extensions, which the library keeps as unknown fields because nothing generated knows them.
    init(_ method: MethodDescriptor) throws {
        var cursor = WireCursor(method.options.unknownFields.data)
        while let tag = cursor.varint() {
            let value = tag & 7 == 0 ? cursor.varint() ?? 0 : 0
            let text = tag & 7 == 2 ? cursor.text() ?? "" : ""
            switch tag >> 3 {
            case 60001: permission = text
            case 60002: userAccess = value
            case 60003: stepUp = value
            case 60004: maximumRequestBytes = value
            case 60005: isReadOnly = value != 0
            default: throw SchemaError("\(method.fullName) has an unknown option \(tag >> 3)")
            }
        }
        guard !permission.isEmpty else { throw SchemaError("\(method.fullName) declares no permission") }
        guard stepUp == 1 || stepUp == 2 else { throw SchemaError("\(method.fullName) declares no step-up class") }
        guard maximumRequestBytes > 0 else { throw SchemaError("\(method.fullName) declares no size cap") }
    }
}

/// Reads varints and strings of the protobuf encoding.
private struct WireCursor {
    private var bytes: [UInt8]

    init(_ data: Data) { bytes = Array(data) }

    mutating func varint() -> UInt64? {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = bytes.first, shift < 64 {
            bytes.removeFirst()
            result |= UInt64(byte & 0x7F) << shift
            guard byte & 0x80 != 0 else { return result }
            shift += 7
        }
        return nil
    }

    mutating func text() -> String? {
        guard let count = varint().flatMap(Int.init(exactly:)), count <= bytes.count else { return nil }
        defer { bytes.removeFirst(count) }
        return String(validating: bytes.prefix(count), as: UTF8.self)
    }
}
