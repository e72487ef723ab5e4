import JSON

/// The proto3 JSON mapping of any message of the schema, for people who type calls.
///
/// Secrets are shown: what it prints is the caller's own. Integers with a fraction or an exponent are refused.
package enum JSONTranscoder {
    /// The encoding of the message that the JSON object stands for.
    ///
    /// - Throws: `WireError` naming the unknown, doubled or wrong member.
    package static func decode(json: [UInt8], as fullName: String) throws(WireError) -> [UInt8] {
        guard json.count <= DecodingLimits.reply.maximumBytes else { throw WireError(.tooLarge) }
        let type = try messageType(fullName)
        let bytes = try unsafe WireWriting.message(try parsed(json), try type.descriptor)
        return try recoded(bytes, type)
    }

    /// The JSON object of an encoded message; members with default values are left out.
    package static func encode(_ bytes: [UInt8], as fullName: String) throws(WireError) -> String {
        let type = try messageType(fullName)
        return try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(WireError) -> String in
            let raw = UnsafeRawBufferPointer(buffer)
            guard raw.count <= DecodingLimits.reply.maximumBytes else { throw WireError(.tooLarge) }
            let descriptor = try unsafe type.descriptor
            try unsafe WireScanner.check(raw, as: descriptor, limits: .reply)
            return try unsafe JSONWriting(bytes: raw).message(0..<raw.count, descriptor).text
        }
    }

    private static func parsed(_ json: [UInt8]) throws(WireError) -> JSONValue {
        do {
            return try JSONParser.parse(json)
        } catch {
            let code: WireError.Code =
                switch error.code {
                case .malformed: .malformed
                case .tooDeep: .tooDeep
                case .duplicateMember: .duplicateField
                case .invalidUTF8: .invalidUTF8
                }
            throw WireError(code, at: error.path)
        }
    }

    private static func messageType(_ fullName: String) throws(WireError) -> any Facade.Type {
        guard let type = MessageTable.all.first(where: { $0.fullName.utf8.elementsEqual(fullName.utf8) })
        else { throw WireError(.unknownType) }
        return type
    }

    /// Through the facade, so that every limit holds here too and protobuf-c writes what is sent.
    private static func recoded(_ bytes: [UInt8], _ type: any WireMessage.Type) throws(WireError) -> [UInt8] {
        try type.decode(bytes, limits: .reply).encoded()
    }
}
