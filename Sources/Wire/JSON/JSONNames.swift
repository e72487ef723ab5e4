/// Field names in JSON: lowerCamelCase of the proto name.
enum JSONNames {
    /// Makes `userId` of `user_id`.
    static func camel(_ name: String) -> String {
        var result: [UInt8] = []
        var isStart = false
        for byte in name.utf8 {
            if byte == UInt8(ascii: "_") {
                isStart = true
                continue
            }
            result.append(isStart && (0x61...0x7A).contains(byte) ? byte - 0x20 : byte)
            isStart = false
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// `userId` -> `user_id`, for the paths of a field mask.
    static func snake(_ name: String) -> String {
        var result: [UInt8] = []
        for byte in name.utf8 {
            if (0x41...0x5A).contains(byte) { result.append(UInt8(ascii: "_")) }
            result.append((0x41...0x5A).contains(byte) ? byte + 0x20 : byte)
        }
        return String(decoding: result, as: UTF8.self)
    }
}
