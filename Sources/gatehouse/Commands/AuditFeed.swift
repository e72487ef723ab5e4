internal import Foundation
internal import RPCClient
internal import Wire

/// The event stream of a server, resumed by number when it breaks off.
struct AuditFeed {
    /// One event, as the wire has it.
    struct Event {
        let message: AuditEvent
        let json: String
    }

    private let arguments: AdministrationArguments

    init(_ arguments: AdministrationArguments) {
        self.arguments = arguments
    }

    /// Every event after a number as it is sealed, for ever; nil begins with what is new.
    ///
    /// A server that goes away is waited for, and asked for what follows the last event that came.
    func follow(after: UInt64?, _ take: (Event) throws -> Void) async throws {
        try await AdministrationConnection(arguments).withClient { client in
            let service = AuditServiceClient(client)
            var position: UInt64
            if let after {
                position = after
            } else {
                position = try await service.getAuditHead(GetAuditHeadRequest()).head?.sequence ?? 0
            }
            var pause = Duration.milliseconds(250)
            while true {
                do {
                    let stream = try await service.watchEvents(WatchEventsRequest(afterSequence: position))
                    for try await batch in stream {
                        for event in batch.events {
                            try take(try Event(event))
                            position = event.sequence
                        }
                        pause = .milliseconds(250)
                    }
                } catch let error as RPCError where error.code == .unavailable || error.code == .deadlineExceeded {
                    try await Task.sleep(for: pause)
                    pause = min(pause * 2, .seconds(10))
                }
            }
        }
    }

    /// Every event after a number to what is the end of the trail now; returns that end.
    func copy(after: UInt64, _ take: (Event, _ head: UInt64) throws -> Void) async throws {
        try await AdministrationConnection(arguments).withClient { client in
            let request = WatchEventsRequest(afterSequence: after, untilHead: true)
            for try await batch in try await AuditServiceClient(client).watchEvents(request) {
                for event in batch.events { try take(try Event(event), batch.headSequence) }
            }
        }
    }

    /// The digest of one number, which an export that begins behind it begins with.
    func digest(at sequence: UInt64) async throws -> [UInt8] {
        guard sequence > 0 else { return [UInt8](repeating: 0, count: 32) }
        return try await AdministrationConnection(arguments).withClient { client in
            let request = ListEventsRequest(firstSequence: sequence, lastSequence: sequence)
            guard let event = try await AuditServiceClient(client).listEvents(request).events.first else {
                throw CommandFailure("There is no event \(sequence).")
            }
            return event.digest
        }
    }
}

extension AuditFeed.Event {
    init(_ message: AuditEvent) throws {
        self.message = message
        json = try JSONTranscoder.encode(message.encoded(), as: AuditEvent.fullName)
    }
}
