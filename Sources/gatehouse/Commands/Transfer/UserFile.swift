internal import Cryptography
internal import Foundation
internal import JSON
internal import Wire

/// A row of a file of users: a record, or why it is none.
struct UserFileRow {
    /// The number of its first line, from 1.
    let line: UInt64
    /// By what its user is known where it comes from, if that is not a file with lines.
    var name: String?
    let record: Result<TransferRecord, RowFault>
}

/// What a row holds.
enum TransferRecord {
    case user(UserRecord)
    case directory(DirectoryRecord)

    /// As it is sent.
    func row(_ number: UInt64) -> ImportRow {
        switch self {
        case .user(let record): ImportRow(number: number, user: record)
        case .directory(let record): ImportRow(number: number, directory: record)
        }
    }
}

/// What makes a line no record; it fails without being sent.
struct RowFault: Error, Equatable {
    /// Path in the record; empty: the row as a whole.
    let field: String
    let description: String
}

/// Forms of files of users.
enum UserFileFormat: String, CaseIterable {
    case jsonl, csv

    /// By what the name ends in; JSON Lines for anything else.
    init(path: String) {
        self = path.lowercased().hasSuffix(".csv") ? .csv : .jsonl
    }
}

/// Users to import, one after the other.
protocol UserSource {
    /// Bytes that were read so far; 0 where that is not known.
    var position: UInt64 { get }
    /// All bytes there are; nil where that is not known.
    var size: UInt64? { get }

    /// The next row; nil after the last.
    mutating func next() async throws -> UserFileRow?
}

/// Reads users from a file, one after the other, whatever its size.
struct UserFile: UserSource {
    private enum Source {
        case lines(FileLines, number: UInt64)
        case table(CSVReader, UserColumns)
    }

    private static let maximumLine = 1 << 20

    private var source: Source
    /// Size of the file in bytes; nil where it is not known, as for standard input.
    let size: UInt64?
    /// How many bytes were read so far.
    private(set) var position: UInt64 = 0

    /// Opens a file; `-` is standard input.
    ///
    /// `schema` is asked for where values have no types.
    init(path: String, format: UserFileFormat, schema: () async throws -> ProfileSchema) async throws {
        let handle = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
        guard let handle else { throw CommandFailure("\(path) cannot be read.") }
        let attributes = path == "-" ? nil : try? FileManager.default.attributesOfItem(atPath: path)
        size = (attributes?[.size] as? NSNumber)?.uint64Value
        switch format {
        case .jsonl: source = .lines(FileLines(handle: handle, maximum: Self.maximumLine), number: 0)
        case .csv:
            var reader = CSVReader { Array(try handle.read(upToCount: 1 << 16) ?? Data()) }
            guard let header = try reader.next() else { throw CommandFailure("\(path) is empty.") }
            if let problem = header.problem { throw CommandFailure("The first line of \(path) \(problem).") }
            source = .table(reader, try UserColumns(header.fields, schema: try await schema()))
        }
    }

    /// The next row, empty lines passed over; nil after the last.
    mutating func next() throws -> UserFileRow? {
        switch source {
        case .lines(var lines, var number):
            defer { source = .lines(lines, number: number) }
            while let line = try lines.next() {
                number += 1
                position += UInt64(line.count) + 1
                guard line.count <= Self.maximumLine else {
                    throw CommandFailure("Line \(number) has more than \(Self.maximumLine) bytes; it ends the reading.")
                }
                if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
                let record = Result { () throws(RowFault) in try TransferRecord(line: line) }
                return UserFileRow(line: number, record: record)
            }
            return nil
        case .table(var reader, let columns):
            defer { source = .table(reader, columns) }
            guard let record = try reader.next() else { return nil }
            position = reader.consumed
            if let problem = record.problem {
                let fault = RowFault(field: "", description: "the line \(problem)")
                return UserFileRow(line: record.line, record: .failure(fault))
            }
            return UserFileRow(
                line: record.line,
                record: Result { () throws(RowFault) in .user(try columns.record(record.fields)) }
            )
        }
    }
}

// One line of JSON Lines: the JSON form of a message. No field of a user is called as one of the directory.
extension TransferRecord {
    init(line: [UInt8]) throws(RowFault) {
        guard let json = try? JSONParser.parse(line), case .object(let members) = json else {
            throw RowFault(field: "", description: "the line is not a JSON object")
        }
        guard members.contains(where: { ["role", "group", "attributes"].contains($0.name) }) else {
            self = .user(try UserRecord(members))
            return
        }
        do throws(WireError) {
            let encoded = try JSONTranscoder.decode(json: line, as: DirectoryRecord.fullName)
            let limits = DecodingLimits(maximumBytes: 1_000_000)
            self = .directory(try DirectoryRecord.decode(encoded, limits: limits))
        } catch {
            throw RowFault(field: error.fieldPath ?? "", description: "\(error)")
        }
    }
}

extension DirectoryRecord {
    /// The record as a line.
    func line() throws -> String { try JSONTranscoder.encode(encoded(), as: Self.fullName) + "\n" }
}

// The JSON form of `UserRecord`, with the profile as the object that it is.
extension UserRecord {
    /// Reads the members of a line.
    ///
    /// Beside the fields of the message it may have `profile`, an object, `passwordRecord`, the text of a password hash, and
    /// `totpSecret`, the key of an authenticator app in base 32.
    fileprivate init(_ members: [JSONValue.Member]) throws(RowFault) {
        var (fields, password, totp) = ([JSONValue.Member](), String?.none, String?.none)
        for member in members {
            switch (member.name, member.value) {
            case ("profile", let value): fields.append(.init(name: "profileJson", value: .string(value.text)))
            case ("passwordRecord", .string(let text)): password = text
            case ("totpSecret", .string(let text)): totp = text
            default: fields.append(member)
            }
        }
        let encoded: [UInt8]
        do throws(WireError) {
            encoded = try JSONTranscoder.decode(json: Array(JSONValue.object(fields).text.utf8), as: Self.fullName)
            self = try UserRecord.decode(encoded, limits: DecodingLimits(maximumBytes: 1_000_000))
        } catch {
            throw RowFault(field: error.fieldPath ?? "", description: "\(error)")
        }
        if let password { setPassword(password) }
        if let totp { try addDevice(totp) }
    }

    /// Gives the user the password that this is the hash of.
    mutating func setPassword(_ record: String) {
        var given = secrets ?? UserSecrets()
        given.password = PasswordRecord(record: .init(copying: Array(record.utf8)))
        secrets = given
    }

    /// Gives the user an authenticator app with this key in base 32.
    mutating func addDevice(_ key: String) throws(RowFault) {
        guard let secret = Base32Key.decode(key) else {
            throw RowFault(field: "totp_secret", description: "must be base 32")
        }
        var given = secrets ?? UserSecrets()
        given.totpDevices.append(TotpDeviceRecord(secret: secret))
        secrets = given
    }

    /// The record as a line, the profile as the object that it is.
    func line() throws -> String {
        let text = try JSONTranscoder.encode(encoded(), as: Self.fullName)
        guard case .object(let members) = try JSONParser.parse(Array(text.utf8)) else { return text + "\n" }
        let shown = members.map { member in
            guard member.name == "profileJson", case .string(let profile) = member.value,
                let value = try? JSONParser.parse(Array(profile.utf8))
            else { return member }
            return JSONValue.Member(name: "profile", value: value)
        }
        return JSONValue.object(shown).text + "\n"
    }
}
