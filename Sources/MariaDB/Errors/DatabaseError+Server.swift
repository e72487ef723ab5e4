extension DatabaseError.Code {
    /// Classifies an error number of the server or of the client library.
    init(number: UInt32, serverMessage: String) {
        self =
            Self.ofConnection[number] ?? Self.ofData[number] ?? Self.ofWork[number]
            ?? Self.fromMessage(number: number, serverMessage: serverMessage)
    }

    // 2xxx are the client library's; 1040 too many connections, 1047 Galera node not ready, 1053 shutdown, 1129 host
    // blocked, 1152-1161 network, 1927 killed. 2026 is any TLS failure.
    private static let ofConnection: [UInt32: Self] = [
        2002: .unavailable(.connecting), 2003: .unavailable(.connecting), 2005: .unavailable(.connecting),
        1040: .unavailable(.connecting), 1047: .unavailable(.connecting), 1129: .unavailable(.connecting),
        1053: .unavailable(.lost), 1152: .unavailable(.lost), 1158: .unavailable(.lost), 1159: .unavailable(.lost),
        1160: .unavailable(.lost), 1161: .unavailable(.lost), 1184: .unavailable(.lost), 1927: .unavailable(.lost),
        2006: .unavailable(.lost), 2013: .unavailable(.lost), 2055: .unavailable(.lost), 5014: .unavailable(.lost),
        // 2057: a prepared statement returns other columns than before; its result is still on the wire.
        2057: .unavailable(.lost),
        2026: .tls, 2000: .protocol, 2007: .protocol, 2012: .protocol, 2014: .protocol, 2027: .protocol,
        1835: .protocol, 4166: .protocol, 2068: .protocol,
        1044: .configuration, 1045: .configuration, 1049: .configuration, 1130: .configuration, 1142: .configuration,
        1143: .configuration, 1227: .configuration, 1251: .configuration, 1370: .configuration, 1698: .configuration,
        2054: .configuration, 2058: .configuration, 2059: .configuration, 2061: .configuration,
    ]

    private static let ofData: [UInt32: Self] = [
        1216: .foreignKey, 1217: .foreignKey, 1451: .foreignKey, 1452: .foreignKey,
        1406: .dataTooLong, 1264: .dataTooLong, 1153: .dataTooLong, 1301: .dataTooLong, 1118: .dataTooLong,
        1048: .constraint, 1265: .constraint, 1292: .constraint, 1364: .constraint, 1366: .constraint,
        1690: .constraint, 4025: .constraint, 1411: .constraint, 1365: .constraint,
    ]

    private static let ofWork: [UInt32: Self] = [
        1213: .deadlock, 1020: .deadlock, 1205: .lockTimeout,
        1290: .readOnly, 1792: .readOnly, 1836: .readOnly,
        1021: .diskFull, 1114: .diskFull,
        1969: .deadlineExceeded, 1317: .cancelled,
    ]

    private static func fromMessage(number: UInt32, serverMessage: String) -> Self {
        switch number {
        case 1062, 1586: .duplicateKey(index: indexName(in: serverMessage))
        // "Got error 28 ... from storage engine": ENOSPC under another number.
        case 1030 where serverMessage.utf8.containsSequence("error 28 "): .diskFull
        case 3 where serverMessage.utf8.containsSequence("Errcode: 28"): .diskFull
        default: .internal
        }
    }

    /// Takes `name` out of "Duplicate entry '...' for key 'table.name'"; the entry itself may hold quotes, the name cannot.
    private static func indexName(in message: String) -> String {
        let quote = UInt8(ascii: "'")
        let bytes = Array(message.utf8)
        guard let end = bytes.lastIndex(of: quote), let start = bytes[..<end].lastIndex(of: quote) else { return "" }
        let name = bytes[(start + 1)..<end]
        let afterTable = name.lastIndex(of: UInt8(ascii: ".")).map { $0 + 1 } ?? name.startIndex
        return String(validating: name[afterTable...], as: UTF8.self) ?? ""
    }
}

extension String.UTF8View {
    /// Whether the bytes of `text` occur here, compared byte by byte.
    func containsSequence(_ text: StaticString) -> Bool {
        let wanted = Array("\(text)".utf8)
        let bytes = Array(self)
        guard bytes.count >= wanted.count else { return false }
        return (0...(bytes.count - wanted.count)).contains { bytes[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }
}
