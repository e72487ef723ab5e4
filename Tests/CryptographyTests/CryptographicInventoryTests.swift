import Cryptography
import Testing

/// The inventory against the source (SECURITY KEY-06, KEY-07).
struct CryptographicInventoryTests {
    @Test func `Every purpose is in the inventory once and has a label of its own`() {
        let purposes = CryptographicInventory.keyUses.map(\.purpose)
        #expect(purposes.count == KeyPurpose.allCases.count)
        #expect(Set(purposes) == Set(KeyPurpose.allCases))
        #expect(Set(KeyPurpose.allCases.map(\.rawValue)).count == KeyPurpose.allCases.count)
    }

    @Test func `Keys are used for what the inventory says and for nothing else`() throws {
        var uses: Set<String> = []
        for text in try SourceTree.swiftFiles(under: "Sources", "Web").values {
            for match in text.matches(of: /keyRing\.(?:seal|open)\([^;]{0,200}?for: \.(\w+)/) {
                uses.insert("sealing \(match.1)")
            }
            for match in text.matches(of: /keyRing\.(?:authenticationCode|isValid)\([^;]{0,200}?purpose: \.(\w+)/) {
                uses.insert("authentication \(match.1)")
            }
        }
        #expect(uses == Set(CryptographicInventory.keyUses.map { "\($0.operation) \($0.purpose)" }))
    }

    @Test func `The algorithms compiled in are those of the inventory`() throws {
        let files = try SourceTree.swiftFiles(under: "Sources/Cryptography")
        let source = files.filter { !$0.key.hasSuffix("CryptographicInventory.swift") }.values.joined(separator: "\n")
        for algorithm in CryptographicInventory.algorithms {
            #expect(source.contains(algorithm.implementation), "\(algorithm.name) is in the inventory only")
        }
        let pattern =
            /EVP_(?:sha|md|aes|aria|camellia|chacha|des|rc|bf|sm)\w+|EVP_(?:KDF|MAC|RAND)\b|EVP_PKEY_[A-Z0-9]{2,}\b(?!_)/
        let named = Set(source.matches(of: pattern).map { String($0.0) })
        let known = Set(CryptographicInventory.algorithms.map(\.implementation))
        #expect(named.subtracting(known).isEmpty)
        #expect(DigestAlgorithm.allCases.allSatisfy { known.contains("EVP_\($0)") })
    }

    @Test func `No generator is used that can be predicted`() throws {
        let pattern =
            /\b(?:[delmnj]rand48|s?rand|srandom|random_r|rand_r|arc4random\w*)\s*\(|:\s*RandomNumberGenerator\b/
        for (path, text) in try SourceTree.swiftFiles(under: "Sources", "Web") {
            #expect(text.matches(of: pattern).isEmpty, "\(path)")
        }
    }
}
