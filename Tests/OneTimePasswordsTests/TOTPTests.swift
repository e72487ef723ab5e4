import Cryptography
import OneTimePasswords
import Testing

struct TOTPTests {
    private static let seeds: [OneTimePasswordHash: Int] = [.sha1: 20, .sha256: 32, .sha512: 64]

    private func totp(_ hash: OneTimePasswordHash = .sha1, digits: Int = 8) throws -> TOTP {
        let seed = Array("1234567890".utf8)
        let key = (0..<(Self.seeds[hash] ?? 20)).map { seed[$0 % 10] }
        return TOTP(
            key: SecretBytes(copying: key),
            parameters: try #require(TOTP.Parameters(hash: hash, digits: digits, period: 30))
        )
    }

    /// RFC 6238 appendix B.
    @Test(arguments: [
        (59, "94287082", "46119246", "90693936"),
        (1_111_111_109, "07081804", "68084774", "25091201"),
        (1_111_111_111, "14050471", "67062674", "99943326"),
        (1_234_567_890, "89005924", "91819424", "93441116"),
        (2_000_000_000, "69279037", "90698825", "38618901"),
        (20_000_000_000, "65353130", "77737706", "47863826"),
    ])
    func `the standard's passwords come out`(time: Int64, sha1: String, sha256: String, sha512: String) throws {
        for (hash, password) in [(OneTimePasswordHash.sha1, sha1), (.sha256, sha256), (.sha512, sha512)] {
            let totp = try totp(hash)
            #expect(totp.password(step: totp.step(at: time)) == Array(password.utf8))
        }
    }

    /// SECURITY TOTP-03.
    @Test func `one step to either side is accepted, two are not`() throws {
        let totp = try totp()
        let now: Int64 = 1_700_000_010
        let current = totp.step(at: now)
        for offset in -3...3 as ClosedRange<Int64> {
            let step = totp.acceptedStep(of: totp.password(step: current + offset), at: now, after: nil)
            #expect(step == (abs(offset) <= 1 ? current + offset : nil), "offset \(offset)")
        }
    }

    @Test func `a step counts once, and what came before it no more`() throws {
        let totp = try totp()
        let now: Int64 = 1_700_000_010
        let current = totp.step(at: now)
        // A device whose clock is ahead: its password is good at once, and then neither in its own step nor the next.
        let early = totp.password(step: current + 1)
        let accepted = try #require(totp.acceptedStep(of: early, at: now, after: nil))
        for later in [0, 30, 60] as [Int64] {
            #expect(totp.acceptedStep(of: early, at: now + later, after: accepted) == nil)
        }
        #expect(totp.acceptedStep(of: totp.password(step: current), at: now, after: accepted) == nil)
        #expect(totp.acceptedStep(of: totp.password(step: current + 2), at: now + 30, after: accepted) == current + 2)
    }

    @Test(arguments: [[], [0x30], Array("1234567".utf8), Array("123456789".utf8), Array("\u{FF11}2345678".utf8)])
    func `what is no password of the right length never fits`(password: [UInt8]) throws {
        #expect(try totp().acceptedStep(of: password, at: 1_700_000_000, after: nil) == nil)
    }

    @Test func `times at both ends of the calendar trap nothing`() throws {
        let totp = try totp()
        for time in [Int64.min, -1, 0, 29, Int64.max] {
            #expect(totp.acceptedStep(of: totp.password(step: totp.step(at: time)), at: time, after: nil) != nil)
        }
    }

    @Test(arguments: [(5, 30), (7, 30), (9, 30), (6, 0), (6, -30), (6, 14), (6, 121), (8, Int64.max)])
    func `parameters that nobody should use are none`(digits: Int, period: Int64) {
        #expect(TOTP.Parameters(hash: .sha1, digits: digits, period: period) == nil)
    }
}
