/// A caller's wish that a call have a single effect however often it is sent (PRODUCT section 1).
package struct IdempotencyKey: Sendable, Hashable {
    /// What the caller made up: 1 to 100 visible ASCII characters.
    package let key: [UInt8]
    /// The full method name; the same key with another method is another key.
    package let method: String
    /// SHA-256 of the request; another body under the same key is refused.
    package let bodyHash: [UInt8]

    /// Takes a key of 1 to 100 visible ASCII characters and a hash of 32 bytes; nil otherwise.
    package init?(key: [UInt8], method: String, bodyHash: [UInt8]) {
        guard (1...100).contains(key.count), key.allSatisfy({ (0x21...0x7E).contains($0) }), bodyHash.count == 32 else {
            return nil
        }
        self.key = key
        self.method = method
        self.bodyHash = bodyHash
    }
}
