import Cryptography
import Foundation
import Testing

/// What needs a process of its own.
struct ProcessHardeningTests {
    /// SECURITY KEY-04.
    @Test func `After hardening the kernel writes no core and closes our memory`() async {
        await #expect(processExitsWith: .success) {
            #expect(!ProcessHardening.isMemoryClosed)
            ProcessHardening.disableCoreDumps()
            #expect(ProcessHardening.isMemoryClosed)
            let limits = try String(contentsOfFile: "/proc/self/limits", encoding: .utf8)
            let core = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
            #expect(core?.split(separator: " ").suffix(3) == ["0", "0", "bytes"])
        }
    }

    // The generator is broken by naming one that does not exist, in the configuration OpenSSL reads at its first use.
    @Test func `Without randomness the process ends and says so`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let path = NSTemporaryDirectory() + "gatehouse-openssl-\(getpid()).cnf"
            let text = "openssl_conf = main\n[main]\nrandom = generator\n[generator]\nrandom = NO-SUCH-GENERATOR\n"
            try text.write(toFile: path, atomically: false, encoding: .utf8)
            setenv("OPENSSL_CONF", path, 1)
            _ = SHA256.digest(of: [])
            unlink(path)
            _ = SystemRandom().secret(32)
        }
        let said = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(said.contains("the system's random generator failed"))
    }
}
