internal import Cryptography

/// What this machine can do with one and two threads, without server and network: the work that signing in cannot do without.
struct MachineLimits {
    let duration: Duration

    /// Each rate a second, by its name.
    func lines() async throws -> [String] {
        var lines: [String] = []
        for threads in 1...2 {
            let (hashing, verifying, signing) = try (Self.hashing(), Self.verifying(), Self.signing())
            lines.append("argon2id_\(threads)=\(try await perSecond(threads, hashing))")
            lines.append("es256_verify_\(threads)=\(try await perSecond(threads, verifying))")
            lines.append("es256_sign_\(threads)=\(try await perSecond(threads, signing))")
        }
        lines.append("argon2id_after_pause_us=\(try await hashAfterPause())")
        return lines
    }

    /// The usual time in microseconds of one hash between others' work, which finds neither its memory in the caches nor the
    /// processor awake, as in a server that is not busy.
    private func hashAfterPause() async throws -> Int {
        let password = SecretBytes(utf8: "correct horse battery staple")
        let salt = SystemRandom().bytes(Argon2.saltCount)
        var memory = Argon2Memory(for: .standard)
        var times: [Duration] = []
        let end = ContinuousClock.now + duration
        repeat {
            try await Task.sleep(for: .milliseconds(20))
            let began = ContinuousClock.now
            _ = try Argon2.hash(password: password, salt: salt, parameters: .standard, memory: &memory)
            times.append(.now - began)
        } while ContinuousClock.now < end
        return Int(times.sorted()[times.count / 2] / .microseconds(1))
    }

    /// Work that goes on until an instant, and says how often it was done.
    private typealias Work = @Sendable (ContinuousClock.Instant) throws -> Int

    private func perSecond(_ threads: Int, _ work: @escaping Work) async throws -> Double {
        let start = ContinuousClock.now
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<threads { group.addTask { try work(start + duration) } }
            return try await group.reduce(0, +)
        }
        return (Double(total) / ((ContinuousClock.now - start) / .seconds(1)) * 10).rounded() / 10
    }

    /// Argon2id as new passwords are hashed by default, each thread with memory of its own.
    private static func hashing() -> Work {
        { end in
            let password = SecretBytes(utf8: "correct horse battery staple")
            let salt = SystemRandom().bytes(Argon2.saltCount)
            var memory = Argon2Memory(for: .standard)
            var count = 0
            while ContinuousClock.now < end {
                _ = try Argon2.hash(password: password, salt: salt, parameters: .standard, memory: &memory)
                count += 1
            }
            return count
        }
    }

    /// The verification of an assertion's signature, from the stored form of the key on.
    private static func verifying() throws -> Work {
        let signer = try Signer()
        let message = SystemRandom().bytes(69)
        let signature = try signer.sign(message)
        let point = try signer.publicKey()
        let key = try VerificationKey(curve: .p256, x: point.x, y: point.y)
        return { end in
            var count = 0
            while ContinuousClock.now < end {
                guard key.isValid(signature: signature, of: message, .es256) else {
                    throw SoftwareAuthenticator.Failure.noSignature
                }
                count += 1
            }
            return count
        }
    }

    /// What the load generator's own signatures cost.
    private static func signing() throws -> Work {
        let signer = try Signer()
        let message = SystemRandom().bytes(69)
        return { end in
            var count = 0
            while ContinuousClock.now < end {
                _ = try signer.sign(message)
                count += 1
            }
            return count
        }
    }
}
