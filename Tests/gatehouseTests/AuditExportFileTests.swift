import Foundation
import Identity
import MariaDB
import Testing
import Wire

@testable import gatehouse

/// The reader of export files against files of every kind: what it says is good is what was written.
struct AuditExportFileTests {
    private static let count = 12

    private static func event(_ number: Int, after previous: [UInt8]) throws -> AuditFeed.Event {
        let id = "00000000-0000-7000-8000-\(String(repeating: "0", count: 10))\(10 + number)"
        var message = Wire.AuditEvent(
            sequence: UInt64(number),
            eventID: id,
            occurTime: WireTimestamp(seconds: 1_800_000_000 + Int64(number), nanoseconds: 123_456_000),
            sealTime: WireTimestamp(seconds: 1_800_000_100),
            kind: "user.created",
            outcome: .success,
            actorKind: .system,
            subjectUserID: number.isMultiple(of: 2) ? id : "",
            requestID: "r\(number)",
            details: "{\"n\":\"\\u001b\(number)\"}"
        )
        let event = try #require(SealedEvent(message))
        message.digest = AuditChain.digest(
            of: event.record,
            sequence: event.sequence,
            sealedAt: event.sealedAt,
            after: previous
        )
        return try AuditFeed.Event(message)
    }

    /// The bytes of a good file.
    private static func export(_ path: String) throws -> [UInt8] {
        var writer = try AuditExportWriter(path: path, after: .start)
        var digest = AuditHead.start.digest
        for number in 1...count {
            let event = try event(number, after: digest)
            digest = event.message.digest
            try writer.write(event)
        }
        #expect(try writer.finish() == AuditHead(sequence: UInt64(count), digest: digest))
        return Array(try Data(contentsOf: URL(filePath: path)))
    }

    private func withFile(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "audit-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func verify(_ bytes: [UInt8], at path: String) throws -> AuditVerification? {
        try Data(bytes).write(to: URL(filePath: path))
        do {
            return try AuditExportReader(path: path).verify(anchors: []) { _ in }
        } catch is CommandFailure {
            return nil
        }
    }

    private static func events(_ bytes: [UInt8]) -> [SealedEvent] {
        bytes.split(separator: UInt8(ascii: "\n")).compactMap { SealedEvent(json: Array($0)) }
    }

    @Test func `what was written is good to its end`() throws {
        try withFile { path in
            let bytes = try Self.export(path)
            let result = try #require(try verify(bytes, at: path))
            #expect(result.fault == nil && result.head.sequence == UInt64(Self.count))
        }
    }

    @Test func `a file that was changed anywhere is refused or says the same events`() throws {
        try withFile { path in
            let good = try Self.export(path)
            let events = Self.events(good)
            #expect(events.count == Self.count)
            var generator = SystemRandomNumberGenerator()
            for _ in 0..<1500 {
                var bytes = good
                let place = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<6, using: &generator) {
                case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
                case 3: bytes.removeSubrange(place...)
                case 4: bytes.removeSubrange(place..<min(place + 300, bytes.count))
                default: bytes.insert(contentsOf: bytes[..<place].suffix(400), at: place)
                }
                guard let result = try verify(bytes, at: path), result.fault == nil else { continue }
                #expect(Self.events(bytes) == events)
                #expect(result.head.sequence == UInt64(Self.count))
            }
        }
    }

    @Test func `what is no export is refused, however long its lines are`() throws {
        try withFile { path in
            for bytes in [[], [10], Array("{}\n".utf8), [UInt8](repeating: 0x61, count: 300_000)] {
                #expect(try verify(bytes, at: path) == nil)
            }
            let good = try Self.export(path)
            let first = good.prefix { $0 != 10 } + [10]
            let endless = try #require(try verify(first + [UInt8](repeating: 0x7B, count: 1_000_000), at: path))
            #expect(endless.fault == AuditVerifier.Fault(sequence: 1, problem: .altered))
        }
    }

    @Test func `an anchor is read as it is printed, and nothing else is`() {
        let head = AuditHead(sequence: 7, digest: [UInt8](repeating: 0xAB, count: 32))
        #expect(AuditAnchorText.read(AuditAnchorText.text(head)) == head)
        let hex = String(repeating: "ab", count: 32)
        for text in ["", ":", "7", "7:", ":\(hex)", "-1:\(hex)", "7:\(hex)00", "7:\(hex.dropLast())", "7:\(hex):"] {
            #expect(AuditAnchorText.read(text) == nil)
        }
    }
}
