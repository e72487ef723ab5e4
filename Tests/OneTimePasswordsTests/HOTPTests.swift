import Cryptography
import OneTimePasswords
import Testing

struct HOTPTests {
    /// RFC 4226 appendix D.
    @Test func `the standard's ten passwords come out`() {
        let key = SecretBytes(utf8: "12345678901234567890")
        let expected = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
        ]
        for (counter, password) in expected.enumerated() {
            #expect(HOTP.password(key: key, counter: UInt64(counter)) == Array(password.utf8))
        }
    }

    @Test(arguments: [UInt64.max, 0, UInt64(Int64.max)])
    func `any counter gives a password of its length`(counter: UInt64) {
        for (digits, count) in [(6, 6), (8, 8), (0, 6), (99, 8), (-1, 6)] {
            #expect(HOTP.password(key: SecretBytes(utf8: "k"), counter: counter, digits: digits).count == count)
        }
    }
}
