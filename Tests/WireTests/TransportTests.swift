import Testing

@testable import Wire

struct TransportTests {
    @Test(arguments: ["localhost", "::1", "127.0.0.1", "127.255.255.255"])
    func `an address of this machine is loopback`(host: String) {
        #expect(Transport.isLoopback(host: host))
    }

    @Test(arguments: [
        "", "127", "127.", "127.1", "127.0.0.256", "127.0.0.1.", "127.0.0.+1", "127.0.0.01", "127.0.0.1.example.com",
        "127.example.com", "127.a.b.c", "128.0.0.1", "0.0.0.0", "::", "[::1]", "localhost.example.com", "LOCALHOST",
        "127.0.0.\u{661}",
    ])
    func `what only looks like one is not`(host: String) {
        #expect(!Transport.isLoopback(host: host))
    }
}
