internal import Foundation

/// Reads a file of comma-separated values (RFC 4180), record by record in bounded memory.
///
/// Lines may end in CR LF or LF, and a byte order mark may stand before the first. The usual package for it holds the whole file
/// as characters; files of users are larger than that.
struct CSVReader {
    /// A record, or why there is none on these lines.
    struct Record: Equatable {
        /// The number of its first line, from 1.
        let line: UInt64
        let fields: [String]
        /// What is wrong with it; nil when nothing is.
        var problem: String?
    }

    /// Longest record, in bytes.
    private static let maximumCount = 1 << 20

    private let read: () throws -> [UInt8]
    private var buffer: [UInt8] = []
    private var position = 0
    private var line: UInt64 = 1
    /// How many bytes were taken so far.
    private(set) var consumed: UInt64 = 0

    /// Takes what gives the next bytes; none at the end.
    init(_ read: @escaping () throws -> [UInt8]) {
        self.read = read
    }

    /// The next record that is not an empty line; nil after the last.
    mutating func next() throws -> Record? {
        while let record = try record() {
            if record.problem == nil, record.fields.allSatisfy(\.isEmpty), record.fields.count == 1 { continue }
            return record
        }
        return nil
    }

    private mutating func record() throws -> Record? {
        let first = line
        if consumed == 0 { try skipByteOrderMark() }
        guard try peek() != nil else { return nil }
        var (fields, field, count) = ([String](), [UInt8](), 0)
        var problem: String?
        func end(_ field: [UInt8]) -> String {
            guard let text = String(validating: field, as: UTF8.self) else {
                problem = problem ?? "is not UTF-8"
                return ""
            }
            return text
        }
        while let byte = try take() {
            count += 1
            if count > Self.maximumCount {
                problem = "is longer than \(Self.maximumCount) bytes"
                field = []
            }
            switch byte {
            case UInt8(ascii: "\""):
                guard field.isEmpty else {
                    // It begins nothing, so that the fault ends with its line.
                    problem = problem ?? "has a quote in the middle of a field"
                    continue
                }
                let (text, isClosed, length) = try quoted()
                count += length
                field += text
                if !isClosed { problem = problem ?? "has a quoted field that does not end" }
                let after = try peek()
                if let after, ![UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains(after) {
                    problem = problem ?? "has something behind a quoted field"
                }
            case UInt8(ascii: ","):
                fields.append(end(field))
                field = []
            case UInt8(ascii: "\r") where try peek() == UInt8(ascii: "\n"): continue
            case UInt8(ascii: "\n"):
                fields.append(end(field))
                return Record(line: first, fields: fields, problem: problem)
            default: field.append(byte)
            }
        }
        fields.append(end(field))
        return Record(line: first, fields: fields, problem: problem)
    }

    /// What stands between quotes, the first of which was taken.
    private mutating func quoted() throws -> (text: [UInt8], isClosed: Bool, count: Int) {
        var (text, count) = ([UInt8](), 0)
        while let byte = try take() {
            count += 1
            guard count <= Self.maximumCount else { return (text: text, isClosed: false, count: count) }
            guard byte == UInt8(ascii: "\"") else {
                text.append(byte)
                continue
            }
            guard try peek() == byte else { return (text: text, isClosed: true, count: count) }
            text.append(byte)
            _ = try take()
        }
        return (text: text, isClosed: false, count: count)
    }

    private mutating func skipByteOrderMark() throws {
        _ = try peek()
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { (position, consumed) = (3, 3) }
    }

    private mutating func peek() throws -> UInt8? {
        if position == buffer.count { (buffer, position) = (try read(), 0) }
        return position < buffer.count ? buffer[position] : nil
    }

    private mutating func take() throws -> UInt8? {
        guard let byte = try peek() else { return nil }
        position += 1
        consumed += 1
        if byte == UInt8(ascii: "\n") { line += 1 }
        return byte
    }
}

/// Writes one record.
enum CSVWriter {
    static func line(_ fields: [String]) -> String {
        fields.map(quoted).joined(separator: ",") + "\n"
    }

    private static func quoted(_ field: String) -> String {
        let needsQuotes = field.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
        guard needsQuotes || field.utf8.isEmpty == false && field.utf8.first == UInt8(ascii: " ") else { return field }
        let bytes = field.utf8.flatMap { $0 == UInt8(ascii: "\"") ? [$0, $0] : [$0] }
        return "\"" + String(decoding: bytes, as: UTF8.self) + "\""
    }
}
