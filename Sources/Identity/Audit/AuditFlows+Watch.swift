import MariaDB

// The trail as a stream, and the check of all of it.
extension AuditFlows {
    /// What one item of a stream tells.
    package struct Batch: Sendable {
        package let events: [SealedEvent]
        /// The last number of the trail when the batch was read.
        package let head: UInt64
    }

    /// How far a verification has come, and the first fault.
    package struct Verification: Sendable {
        package let checked: UInt64
        package let head: UInt64
        package let fault: AuditVerifier.Fault?
        /// The digest at `checked`.
        package let digest: [UInt8]
    }

    private static let batch = 200
    /// How often is looked for what other processes sealed, while somebody watches.
    private static let pollInterval = Duration.seconds(1)

    /// Sends the events after a number in their order, and goes on with new ones as they are sealed; needs `audit.read`.
    ///
    /// Each beginning of a stream is itself an event.
    ///
    /// - Parameters:
    ///   - after: The last number that the caller has; 0 for the whole trail.
    ///   - untilHead: Whether to end at what is the end of the trail now.
    ///   - context: The call.
    ///   - send: Takes a batch; waits while the reader does.
    /// - Throws: `FlowError`, and what `send` throws.
    package func watch(
        after: UInt64,
        untilHead: Bool,
        _ context: CallContext,
        send: (Batch) async throws -> Void
    ) async throws {
        try context.require(.auditRead)
        let end = try await head(step(context)).sequence
        // A number that was never given: the trail was cut, or another server gave it.
        guard after <= end else {
            throw FlowError.invalid("after_sequence", .fieldInvalid, "after_sequence is beyond the end of the trail")
        }
        try await recordView("stream", step(context))
        var position = after
        while !untilHead || position < end {
            try Task.checkCancellation()
            let raises = parts.auditWatchers.raises
            let read = ListEventsBySequence(
                first: position + 1,
                last: untilHead ? end : .max,
                newestFirst: false,
                limit: Self.batch
            )
            let found = try await parts.read(step(context)) { transaction in
                let events = try transaction.all(read)
                return Batch(events: events, head: try transaction.first(ReadAuditHead())?.head.sequence ?? 0)
            }
            if let last = found.events.last {
                try await send(found)
                position = last.sequence
            } else if untilHead {
                return
            } else {
                await waitForMore(after: raises)
            }
        }
    }

    /// Checks the trail from its beginning or from an anchor to its end, and tells how far it is; needs `audit.read`.
    ///
    /// Ends with the first fault.
    package func verify(
        anchors: [AuditHead],
        _ context: CallContext,
        send: (Verification) async throws -> Void
    ) async throws {
        try context.require(.auditRead)
        var state = TrailCheck(keyRing: parts.keyRing)
        do {
            state.verifier = try AuditVerifier(anchors: anchors)
            while true {
                try Task.checkCancellation()
                let (after, limit) = (state.verifier.head.sequence, Self.batch * 5)
                let (rows, head) = try await parts.read(step(context)) { transaction in
                    let rows = try transaction.all(ListSealsToVerify(after: after, limit: limit))
                    return (rows, try transaction.first(ReadAuditHead())?.head.sequence ?? 0)
                }
                for row in rows { try state.check(row) }
                if rows.isEmpty { try state.finish() }
                try await send(state.progress(head: head, fault: nil))
                if rows.isEmpty { return }
            }
        } catch let fault as AuditVerifier.Fault {
            let head = try await head(step(context)).sequence
            try await send(state.progress(head: head, fault: fault))
        }
    }

    /// Each read has its own deadline: a stream may last for hours, a read may not.
    private func step(_ context: CallContext) -> CallContext { context.limited(to: .seconds(10)) }

    private func waitForMore(after raises: UInt64) async {
        let watchers = parts.auditWatchers
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await watchers.wait(after: raises) }
            group.addTask { try? await Task.sleep(for: Self.pollInterval) }
            await group.next()
            group.cancelAll()
        }
    }
}
