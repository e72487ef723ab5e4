internal import Cryptography
internal import Foundation
internal import Identity
internal import MariaDB
internal import Wire

/// Writes an export: a line that begins it, a line for each event, a line that ends it.
struct AuditExportWriter {
    private let handle: FileHandle
    private var head: AuditHead
    private var buffer = Data()

    /// Begins a file that nobody else can read, or standard output.
    init(path: String?, after start: AuditHead) throws {
        if let path {
            guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
                let handle = FileHandle(forWritingAtPath: path)
            else { throw CommandFailure("\(path) cannot be written.") }
            self.handle = handle
        } else {
            handle = .standardOutput
        }
        head = start
        append(
            "{\"format\":\"\(AuditExportReader.format)\",\"after\":\"\(start.sequence)\","
                + "\"digest\":\"\(Hex.encode(start.digest))\"}"
        )
    }

    mutating func write(_ event: AuditFeed.Event) throws {
        append(event.json)
        head = AuditHead(sequence: event.message.sequence, digest: event.message.digest)
        if buffer.count > 64 * 1024 { try flush() }
    }

    /// Ends the file; returns the last event's place.
    mutating func finish() throws -> AuditHead {
        append("{\"end\":\"\(head.sequence)\",\"digest\":\"\(Hex.encode(head.digest))\"}")
        try flush()
        return head
    }

    private mutating func append(_ line: String) {
        buffer.append(contentsOf: line.utf8)
        buffer.append(UInt8(ascii: "\n"))
    }

    private mutating func flush() throws {
        try handle.write(contentsOf: buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}

/// Checks an export, line by line in bounded memory; whatever its lines hold, the first bad number is named.
struct AuditExportReader {
    static let format = "gatehouse audit 1"
    private static let maximumLine = 64 * 1024

    let path: String

    /// Verifies the whole file.
    ///
    /// - Parameters:
    ///   - anchors: What the trail must agree with.
    ///   - progress: Told how many events were good.
    /// - Returns: The first fault, or the end of the trail.
    /// - Throws: `CommandFailure` when the file is none of ours.
    func verify(anchors: [AuditHead], progress: (UInt64) -> Void) throws -> AuditVerification {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw CommandFailure("\(path) cannot be read.") }
        var lines = FileLines(handle: handle, maximum: Self.maximumLine)
        guard let first = try lines.next(), let start = Self.start(first) else {
            throw CommandFailure("\(path) is no export of the audit trail.")
        }
        var verifier = AuditVerifier(after: start)
        do {
            verifier = try AuditVerifier(after: start, anchors: anchors)
            while true {
                let expected = verifier.head.sequence + 1
                guard let line = try lines.next() else {
                    throw AuditVerifier.Fault(sequence: expected, problem: .truncated)
                }
                if let end = Self.end(line) {
                    try Self.check(end, of: verifier, isLast: try lines.next() == nil)
                    break
                }
                guard let event = SealedEvent(json: line) else {
                    throw AuditVerifier.Fault(sequence: expected, problem: .altered)
                }
                try verifier.check(event)
                progress(verifier.head.sequence - start.sequence)
            }
            return AuditVerification(head: verifier.head, fault: nil)
        } catch let fault as AuditVerifier.Fault {
            return AuditVerification(head: verifier.head, fault: fault)
        }
    }

    private static func check(_ end: AuditHead, of verifier: AuditVerifier, isLast: Bool) throws(AuditVerifier.Fault) {
        let expected = verifier.head.sequence + 1
        guard isLast else { throw AuditVerifier.Fault(sequence: expected, problem: .outOfPlace) }
        guard end.sequence <= verifier.head.sequence else {
            throw AuditVerifier.Fault(sequence: expected, problem: .truncated)
        }
        guard end == verifier.head else { throw AuditVerifier.Fault(sequence: expected, problem: .outOfPlace) }
        try verifier.finish()
    }

    private static func start(_ line: [UInt8]) -> AuditHead? {
        let answer = JSONAnswer(String(decoding: line, as: UTF8.self))
        guard answer["format"].text == format else { return nil }
        return AuditAnchorText.read("\(answer["after"].text):\(answer["digest"].text)")
    }

    private static func end(_ line: [UInt8]) -> AuditHead? {
        // Events are the rule; only a line that begins as an end is read as one.
        guard line.starts(with: Array("{\"end\":".utf8)) else { return nil }
        let answer = JSONAnswer(String(decoding: line, as: UTF8.self))
        return AuditAnchorText.read("\(answer["end"].text):\(answer["digest"].text)")
    }
}

/// The lines of a file, read in pieces; a longer one than allowed ends the reading as an unreadable line.
struct FileLines {
    private let handle: FileHandle
    private let maximum: Int
    private var buffer: [UInt8] = []
    private var start = 0
    private var isOver = false

    init(handle: FileHandle, maximum: Int) {
        self.handle = handle
        self.maximum = maximum
    }

    /// The next line without its end; nil after the last.
    mutating func next() throws -> [UInt8]? {
        while true {
            if let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return Array(buffer[start..<end])
            }
            let rest = Array(buffer[start...])
            if isOver || rest.count > maximum {
                (buffer, start, isOver) = ([], 0, true)
                return rest.isEmpty ? nil : rest
            }
            let piece = try handle.read(upToCount: maximum) ?? Data()
            isOver = piece.isEmpty
            (buffer, start) = (rest + piece, 0)
        }
    }
}

extension SealedEvent {
    /// Nil for what is no event.
    init?(json: [UInt8]) {
        guard let bytes = try? JSONTranscoder.decode(json: json, as: Wire.AuditEvent.fullName),
            let event = try? Wire.AuditEvent.decode(bytes, limits: .reply)
        else { return nil }
        self.init(event)
    }

    /// Nil when an id is none, or a time is missing.
    init?(_ event: Wire.AuditEvent) {
        guard let occurTime = event.occurTime, let sealTime = event.sealTime, let id = EventID(text: event.eventID)
        else { return nil }
        let texts = [
            event.actorID, event.viaServiceAccountID, event.subjectUserID, event.subjectID, event.sessionID,
        ]
        let ids = texts.map { $0.isEmpty ? nil : EventID(text: $0)?.bytes }
        guard zip(texts, ids).allSatisfy({ $0.isEmpty || $1 != nil }) else { return nil }
        self.init(
            sequence: event.sequence,
            sealedAt: Timestamp(microsecondsSinceEpoch: sealTime.microsecondsSinceEpoch),
            digest: event.digest,
            record: AuditRecord(
                id: id.bytes,
                occurredAt: Timestamp(microsecondsSinceEpoch: occurTime.microsecondsSinceEpoch),
                kind: event.kind,
                outcome: UInt8(truncatingIfNeeded: event.outcome.rawValue),
                reason: event.reason,
                actorKind: UInt8(truncatingIfNeeded: event.actorKind.rawValue),
                actorID: ids[0],
                viaServiceAccount: ids[1],
                subjectUser: ids[2],
                subjectID: ids[3],
                session: ids[4],
                sourceAddress: event.sourceAddress.isEmpty ? nil : event.sourceAddress,
                requestID: event.requestID,
                details: event.details.isEmpty ? nil : event.details
            )
        )
    }
}
