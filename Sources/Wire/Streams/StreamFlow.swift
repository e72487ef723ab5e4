internal import Synchronization

/// One side of one stream: what came and was not read yet, and what may still be sent.
///
/// Both ways are bounded by credit (frame.proto, `Credit`): a reader that stops holds its writer and nobody else on the
/// connection.
///
///     open ── interrupt ──> interrupted ── close ──> closed
///       └────────────── close ───────────────────────^
package final class StreamFlow: Sendable {
    /// What an item costs beyond its message, so that empty ones are not free.
    package static let itemOverhead = 16
    /// The credit that a reader gives.
    package static let window = 256 * 1024
    /// The most that one side may have at any time.
    package static let maximumCredit = 16 * 1024 * 1024

    /// The other side broke a rule of streams.
    package enum Misuse: Error, Sendable {
        /// An item without credit, after the end, or an end without credit or twice.
        case itemWithoutCredit, itemAfterEnd, tooMuchCredit
    }

    fileprivate struct Waiter {
        let number: UInt64
        let continuation: CheckedContinuation<Void, any Error>
    }

    fileprivate struct State {
        /// What came, from `first` on.
        var inbox: [[UInt8]] = []
        var first = 0
        /// What the other side may still send.
        var incoming: Int
        /// What was read and not given back yet.
        var consumed = 0
        var isInputOver = false
        /// What we may still send.
        var outgoing: Int
        var interruption: (any Error)?
        var isClosed = false
        var reader: Waiter?
        var writers: [Waiter] = []
        var nextWaiter: UInt64 = 0
        var waitingSince: ContinuousClock.Instant?
    }

    private let callID: UInt64
    private let state: Mutex<State>
    private let emit: @Sendable (Frame) -> Void

    /// Begins a stream.
    ///
    /// - Parameters:
    ///   - callID: Of the call that it belongs to.
    ///   - incoming: The credit that the other side has at first.
    ///   - outgoing: The credit that this side has at first.
    ///   - emit: Sends a frame; must not wait.
    package init(callID: UInt64, incoming: Int, outgoing: Int, emit: @escaping @Sendable (Frame) -> Void) {
        self.callID = callID
        self.emit = emit
        state = Mutex(State(incoming: incoming, outgoing: outgoing))
    }

    /// Since when this side waits for the other, to send or to go on reading; nil while it does not.
    package var waitingSince: ContinuousClock.Instant? { state.withLock { $0.waitingSince } }

    /// Why the stream was interrupted, if it was.
    package var interruption: (any Error)? { state.withLock { $0.interruption } }
}

// What the other side sends; never waits.
extension StreamFlow {
    /// Takes an item.
    package func receive(_ message: [UInt8]) throws(Misuse) {
        let reader = try state.withLock { (state) throws(Misuse) -> Waiter? in
            guard !state.isInputOver else { throw .itemAfterEnd }
            guard state.incoming > 0 else { throw .itemWithoutCredit }
            state.incoming -= message.count + Self.itemOverhead
            guard !state.isClosed else { return nil }
            state.inbox.append(message)
            return state.takeReader()
        }
        reader?.continuation.resume()
    }

    /// The other side has sent all its items.
    package func receiveEnd() throws(Misuse) {
        let reader = try state.withLock { (state) throws(Misuse) -> Waiter? in
            guard !state.isInputOver else { throw .itemAfterEnd }
            state.isInputOver = true
            return state.takeReader()
        }
        reader?.continuation.resume()
    }

    /// The other side has read, and lets us send more.
    package func receive(credit: Int) throws(Misuse) {
        let writers = try state.withLock { (state) throws(Misuse) -> [Waiter] in
            guard state.outgoing + credit <= Self.maximumCredit else { throw .tooMuchCredit }
            state.outgoing += credit
            guard state.outgoing > 0 else { return [] }
            defer { state.writers = [] }
            if state.reader == nil { state.waitingSince = nil }
            return state.writers
        }
        for writer in writers { writer.continuation.resume() }
    }
}

// What this side does.
extension StreamFlow {
    /// The next item; nil when the other side has sent all.
    ///
    /// There is one reader at a time.
    ///
    /// - Throws: The interruption, or `CancellationError`.
    package func next() async throws -> [UInt8]? {
        while true {
            let (step, credit) = state.withLock { $0.read() }
            if credit > 0 { emit(.credit(CreditFrame(callID: callID, bytes: UInt32(clamping: credit)))) }
            switch step {
            case .item(let message): return message
            case .over: return nil
            case .failed(let error): throw error
            case .wait:
                try await wait { state, waiter in
                    guard state.mustWaitToRead else { return false }
                    state.reader = waiter
                    return true
                }
            }
        }
    }

    /// Sends an item as soon as there is credit for it.
    ///
    /// What is interrupted may still say what it has credit for, so that a server that stops can take its leave.
    ///
    /// - Throws: The interruption, or `CancellationError`.
    package func send(_ message: [UInt8]) async throws {
        try await awaitCredit(spending: message.count + Self.itemOverhead)
        emit(.item(ItemFrame(callID: callID, message: message)))
    }

    /// Says that this side has sent all, as soon as the other has accepted the call.
    package func finishSending() async throws {
        try await awaitCredit(spending: 0)
        emit(.end(EndFrame(callID: callID)))
    }

    /// Gives the first credit of a stream that began with none.
    package func accept() {
        state.withLock { $0.incoming += Self.window }
        emit(.credit(CreditFrame(callID: callID, bytes: UInt32(Self.window))))
    }

    /// Fails whoever waits, and everyone who would; the first reason counts.
    package func interrupt(_ error: any Error) {
        end { state in state.interruption = state.interruption ?? error }
    }

    /// Nothing comes or goes any more.
    package func close(_ error: any Error) {
        end { state in
            state.interruption = state.interruption ?? error
            state.isClosed = true
            (state.inbox, state.first) = ([], 0)
        }
    }

    private func end(_ change: (inout State) -> Void) {
        let (waiters, error) = state.withLock { state in
            change(&state)
            defer {
                (state.writers, state.reader, state.waitingSince) = ([], nil, nil)
            }
            return (state.writers + [state.reader].compactMap(\.self), state.interruption)
        }
        for waiter in waiters { waiter.continuation.resume(throwing: error ?? CancellationError()) }
    }

    private func awaitCredit(spending cost: Int) async throws {
        while true {
            let mayGo = try state.withLock { state in
                if state.isClosed, let error = state.interruption { throw error }
                if state.outgoing > 0 {
                    if state.interruption == nil { try Task.checkCancellation() }
                    state.outgoing -= cost
                    return true
                }
                if let error = state.interruption { throw error }
                return false
            }
            if mayGo { return }
            try await wait { state, waiter in
                guard state.outgoing <= 0, state.interruption == nil else { return false }
                state.writers.append(waiter)
                return true
            }
        }
    }

    /// Waits until somebody resumes the waiter; returns at once when `register` finds no need to wait.
    private func wait(_ register: (inout State, Waiter) -> Bool) async throws {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isWaiting = state.withLock { state in
                    let isWaiting = register(&state, Waiter(number: number, continuation: continuation))
                    if isWaiting { state.waitingSince = state.waitingSince ?? .now }
                    return isWaiting
                }
                if !isWaiting { return continuation.resume() }
                // The handler below ran before there was anything to find.
                if Task.isCancelled { cancel(number) }
            }
        } onCancel: {
            cancel(number)
        }
    }

    private func cancel(_ number: UInt64) {
        let waiter = state.withLock { $0.takeWaiter(number) }
        waiter?.continuation.resume(throwing: CancellationError())
    }
}

extension StreamFlow.State {
    fileprivate enum Step {
        case item([UInt8])
        case over, wait
        case failed(any Error)
    }

    fileprivate var mustWaitToRead: Bool { first == inbox.count && !isInputOver && interruption == nil }

    /// The next item with the credit to give back: half a window at a time, so that few frames go the other way.
    fileprivate mutating func read() -> (Step, credit: Int) {
        guard first < inbox.count else {
            if isInputOver, !isClosed { return (.over, 0) }
            return (interruption.map(Step.failed) ?? .wait, 0)
        }
        let message = inbox[first]
        inbox[first] = []
        first += 1
        if first == inbox.count || first >= 64 {
            inbox.removeFirst(first)
            first = 0
        }
        consumed += message.count + StreamFlow.itemOverhead
        guard consumed >= StreamFlow.window / 2, !isInputOver else { return (.item(message), 0) }
        defer { consumed = 0 }
        incoming += consumed
        return (.item(message), consumed)
    }

    fileprivate mutating func takeReader() -> StreamFlow.Waiter? {
        defer {
            reader = nil
            if writers.isEmpty { waitingSince = nil }
        }
        return reader
    }

    fileprivate mutating func takeWaiter(_ number: UInt64) -> StreamFlow.Waiter? {
        defer { if reader == nil, writers.isEmpty { waitingSince = nil } }
        if reader?.number == number { return takeReader() }
        guard let index = writers.firstIndex(where: { $0.number == number }) else { return nil }
        return writers.remove(at: index)
    }
}
