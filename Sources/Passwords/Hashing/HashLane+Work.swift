package import Cryptography

extension HashLane {
    /// Hashes a password for storage, by the lane's parameters and with a new salt.
    ///
    /// - Parameters:
    ///   - password: Normalised; its bytes are held no longer than the call.
    ///   - pepper: The key to put on it, whose id is to be stored beside the record; nil for none.
    ///   - deadline: When nobody waits for the record any more.
    /// - Returns: The record.
    /// - Throws: `.overloaded`, `.deadlineExceeded`, `.cancelled` or `.stopped` with nothing computed; `.failed`.
    package func hash(
        _ password: SecretBytes,
        pepper: PepperKey?,
        deadline: ContinuousClock.Instant
    ) async throws(HashLaneError) -> PasswordRecord {
        let (parameters, random) = (configuration.parameters, random)
        return try await perform(
            promised: nobodysRecord.promisedDuration,
            deadline: deadline
        ) { memory throws(HashLaneError) in
            do throws(CryptographyError) {
                let password = try pepper.apply(to: password)
                return try PasswordRecord(hashing: password, parameters: parameters, memory: &memory, random: random)
            } catch {
                throw .failed(error)
            }
        }
    }

    /// Whether a password is the one that a record was made from.
    ///
    /// - Parameters:
    ///   - password: As it was hashed: normalised by the record's version; its bytes are held no longer than the call.
    ///   - record: Of any kind; one that costs more than the limits is refused without a try.
    ///   - pepper: The key that the record is under; nil for none.
    ///   - deadline: When nobody waits for the answer any more.
    /// - Returns: Whether it is; tags are compared in constant time.
    /// - Throws: What `hash` throws; `.recordTooCostly` with nothing computed.
    package func verify(
        _ password: SecretBytes,
        against record: PasswordRecord,
        pepper: PepperKey?,
        deadline: ContinuousClock.Instant
    ) async throws(HashLaneError) -> Bool {
        guard record.isWithin(configuration.limits) || record.costsAsConfigured(configuration) else {
            throw .recordTooCostly
        }
        return try await perform(
            promised: record.promisedDuration,
            isOversized: record.memoryCount > configuration.parameters.memoryCount,
            deadline: deadline
        ) { memory throws(HashLaneError) in
            do throws(CryptographyError) {
                return try record.verify(try pepper.apply(to: password), memory: &memory)
            } catch {
                throw .failed(error)
            }
        }
    }

    /// Does what `verify` does for a record of the lane's parameters, and says no (SECURITY PW-12).
    ///
    /// For users who are unknown, have no password or may not sign in. Refused exactly where `verify` would be.
    ///
    /// - Parameters:
    ///   - password: What was tried.
    ///   - pepper: The key for new records.
    ///   - deadline: When nobody waits for the answer any more.
    /// - Returns: False.
    /// - Throws: What `hash` throws.
    package func verifyDummy(
        _ password: SecretBytes,
        pepper: PepperKey?,
        deadline: ContinuousClock.Instant
    ) async throws(HashLaneError) -> Bool {
        _ = try await verify(password, against: nobodysRecord, pepper: pepper, deadline: deadline)
        return false
    }

    /// Refuses where a call of the lane's own cost would be refused now, before what leads to the call is paid for.
    ///
    /// - Parameter deadline: When nobody waits for the answer any more.
    /// - Throws: `.overloaded`, `.deadlineExceeded` or `.stopped`.
    package func requireRoom(deadline: ContinuousClock.Instant) throws(HashLaneError) {
        if let refusal = desk.refuse(promised: nobodysRecord.promisedDuration, deadline: deadline) { throw refusal }
    }

    /// Runs `body` on a thread of the lane, with the thread's memory.
    func perform<Value: Sendable>(
        promised: Duration,
        isOversized: Bool = false,
        deadline: ContinuousClock.Instant,
        _ body: @escaping @Sendable (inout Argon2Memory) throws(HashLaneError) -> Value
    ) async throws(HashLaneError) -> Value {
        let ticket = HashTicket()
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { caller in
                desk.submit(
                    HashUnit(
                        ticket: ticket,
                        deadline: deadline,
                        promised: promised,
                        isOversized: isOversized,
                        call: WaitingCall(body: body, caller: caller)
                    )
                )
            }
        } onCancel: {
            desk.cancel(ticket)
        }
        return try answer.get()
    }
}

extension PasswordRecord {
    /// Whether the record is of the lane's own cost, which no limit refuses.
    fileprivate func costsAsConfigured(_ configuration: HashLaneConfiguration) -> Bool {
        guard case .argon2(let record) = self else { return false }
        return record.parameters == configuration.parameters
    }
}
