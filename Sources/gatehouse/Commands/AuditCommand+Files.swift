internal import ArgumentParser
internal import Cryptography
internal import Foundation
internal import Identity
internal import Wire

extension AuditCommand {
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the trail to a file that can be verified without the server.",
            discussion: """
                JSON Lines: a first line with the format and the digest that the trail begins with, a line for each \
                event, and a last line with the end. `audit verify --file` checks it.
                """
        )
        @OptionGroup var administration: AdministrationArguments
        @Option(name: .long, help: "Begin after this number.") var after: UInt64 = 0
        @Option(name: .shortAndLong, help: "The file to write. Default: standard output.", completion: .file())
        var output: String?

        func run() async throws {
            let feed = AuditFeed(administration)
            let start = AuditHead(sequence: after, digest: try await feed.digest(at: after))
            var writer = try AuditExportWriter(path: output, after: start)
            let progress = RateLine()
            var line = ProgressLine()
            try await feed.copy(after: after) { event, head in
                try writer.write(event)
                line.show(progress.text("written", event.message.sequence - after, of: head - after))
            }
            line.clear()
            let end = try writer.finish()
            guard output != nil else { return }
            print("\(end.sequence - after) events written, up to \(AuditAnchorText.text(end)).")
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check that no event was deleted, altered, inserted, moved or cut off.",
            discussion: """
                Asks the server to check what it has stored, or checks a file of `audit export` without a server. The \
                end of the trail is only safe where an anchor was kept: `audit head` prints one, and the server's log \
                has one for each minute with events. Exit status: 0 when all is as it was sealed, 2 when it is not, 1 \
                when it could not be checked.
                """
        )
        @OptionGroup var administration: AdministrationArguments
        @Option(name: .long, help: "A file of `audit export`.", completion: .file()) var file: String?
        @Option(name: .long, help: "NUMBER:DIGEST that was kept; may be given several times.") var anchor: [String] = []

        func run() async throws {
            let anchors = try anchor.map { text in
                guard let head = AuditAnchorText.read(text) else {
                    throw CommandFailure("An anchor is NUMBER:DIGEST, as `audit head` prints it.")
                }
                return head
            }
            let result = if let file { try verify(file, anchors) } else { try await verifyOnLine(anchors) }
            print(administration.json ? result.json : result.sentence)
            if result.fault != nil { throw ExitCode(2) }
        }

        private func verify(_ file: String, _ anchors: [AuditHead]) throws -> AuditVerification {
            var line = ProgressLine()
            defer { line.clear() }
            let rate = RateLine()
            return try AuditExportReader(path: file).verify(anchors: anchors) { count in
                line.show(rate.text("checked", count, of: nil))
            }
        }

        private func verifyOnLine(_ anchors: [AuditHead]) async throws -> AuditVerification {
            let sent = anchors.map { AuditAnchor(sequence: $0.sequence, digest: $0.digest) }
            return try await AdministrationConnection(administration).withClient { client in
                let rate = RateLine()
                var line = ProgressLine()
                defer { line.clear() }
                var last: CheckEventsResponse?
                for try await step in try await AuditServiceClient(client)
                    .checkEvents(CheckEventsRequest(anchors: sent))
                {
                    line.show(rate.text("checked", step.checked?.sequence ?? 0, of: step.headSequence))
                    last = step
                }
                guard let last else { throw CommandFailure("The server ended the check without a result.") }
                return AuditVerification(last)
            }
        }
    }
}

/// An anchor as people keep it: `NUMBER:DIGEST`.
enum AuditAnchorText {
    static func text(_ head: AuditHead) -> String { "\(head.sequence):\(Hex.encode(head.digest))" }

    static func read(_ text: String) -> AuditHead? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequence = UInt64(parts[0]), let digest = Hex.decode(String(parts[1])),
            digest.count == 32
        else { return nil }
        return AuditHead(sequence: sequence, digest: digest)
    }
}

/// What a check found.
struct AuditVerification {
    let head: AuditHead
    let fault: AuditVerifier.Fault?

    init(head: AuditHead, fault: AuditVerifier.Fault?) {
        self.head = head
        self.fault = fault
    }

    init(_ answer: CheckEventsResponse) {
        head = AuditHead(sequence: answer.checked?.sequence ?? 0, digest: answer.checked?.digest ?? [])
        fault = AuditVerifier.Fault.Problem(rawValue: answer.problem).map {
            AuditVerifier.Fault(sequence: answer.badSequence, problem: $0)
        }
    }

    var json: String {
        var members = ["\"checked\":\"\(head.sequence)\"", "\"digest\":\"\(Hex.encode(head.digest))\""]
        if let fault {
            members += ["\"badSequence\":\"\(fault.sequence)\"", "\"problem\":\"\(fault.problem.rawValue)\""]
        }
        return "{\(members.joined(separator: ","))}"
    }

    var sentence: String {
        guard let fault else {
            return head.sequence == 0
                ? "There are no events."
                : "All \(head.sequence) events are as they were sealed: \(AuditAnchorText.text(head))"
        }
        let number = fault.sequence
        let what =
            switch fault.problem {
            case .missing: "Event \(number) is missing: it was deleted or moved."
            case .outOfPlace: "Where event \(number) belongs there is another: one was inserted, repeated or moved."
            case .altered: "Event \(number) is not the one that was sealed."
            case .forged: "No key of this server vouches for event \(number)."
            case .anchorMismatch: "The trail is not the one of the anchor: event \(number) has another digest."
            case .truncated: "The trail ends before the anchor: event \(number) and what followed are gone."
            }
        return "\(what) The events before are good."
    }
}

/// How far long work is, how fast, and how long it still takes.
struct RateLine {
    private let start = ContinuousClock.now

    func text(_ verb: String, _ count: UInt64, of total: UInt64?) -> String {
        let seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
        let rate = seconds > 0 ? Double(count) / seconds : 0
        let pace = "\(Int(rate)) a second"
        guard let total, total > 0 else { return "\(count) \(verb), \(pace)" }
        let left = rate > 0 && total > count ? ", \(Int(Double(total - count) / rate)) s left" : ""
        return "\(count) of \(total) \(verb), \(pace)\(left)"
    }
}
