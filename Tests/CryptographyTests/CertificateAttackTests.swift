import Cryptography
import Foundation
import Testing

/// Certificates that were made to be believed, or to keep us busy (SECURITY WR-23, DEP-03).
struct CertificateAttackTests {
    private static let now = Int64(Date().timeIntervalSince1970) + 60
    private static let canSign = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign"

    private func isTrusted(_ leaf: Certificate, _ others: [Certificate] = [], _ anchors: [Certificate]) -> Bool {
        CertificatePath.verify(leaf: leaf, intermediates: others, anchors: anchors, at: Self.now)
    }

    @Test func `a root that comes along, also one of the anchor's name, is no anchor`() throws {
        let (real, forged) = (try CertificateAuthority(), try CertificateAuthority())
        let anchor = try real.root("root")
        let root = try forged.root("root")
        let leaf = try forged.issue("leaf", by: "root")
        #expect(isTrusted(leaf, [root], [root]))
        #expect(!isTrusted(leaf, [root], [anchor]))
        #expect(!isTrusted(leaf, [anchor, root], [anchor]))
        #expect(!isTrusted(leaf, [], [anchor]))
        #expect(!isTrusted(root, [], [anchor]))
        #expect(!isTrusted(root, [root, leaf], [anchor]))
    }

    @Test func `a path has at most six between its ends, and one list at most ten`() throws {
        let authority = try CertificateAuthority()
        let root = try authority.root("c0")
        var chain: [Certificate] = []
        for step in 1...8 {
            chain.append(try authority.issue("c\(step)", by: "c\(step - 1)", extensions: Self.canSign))
        }
        #expect(isTrusted(chain[6], Array(chain.prefix(6)), [root]))
        #expect(!isTrusted(chain[7], Array(chain.prefix(7)), [root]))
        #expect(isTrusted(chain[7], Array(chain.prefix(7)), [chain[3]]))
        #expect(isTrusted(chain[1], [UInt8](0..<9).map { _ in chain[0] }, [root]))
        #expect(!isTrusted(chain[1], [UInt8](0..<10).map { _ in chain[0] }, [root]))
    }

    @Test func `an authority signs no further than it may`() throws {
        let authority = try CertificateAuthority()
        let root = try authority.root("root")
        let short = try authority.issue(
            "short",
            by: "root",
            extensions: "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign"
        )
        let direct = try authority.issue("direct", by: "short")
        let further = try authority.issue("further", by: "short", extensions: Self.canSign)
        let leaf = try authority.issue("leaf", by: "further")
        #expect(isTrusted(direct, [short], [root]))
        #expect(!isTrusted(leaf, [further, short], [root]))
        // Without constraints, and of version 1.
        for extensions in ["keyUsage=keyCertSign", nil] {
            let silent = try authority.issue("silent", by: "root", extensions: extensions)
            #expect(silent.version == (extensions == nil ? 1 : 3) && !silent.isAuthority)
            let below = try authority.issue("below", by: "silent")
            #expect(!isTrusted(below, [silent], [root]))
        }
    }

    @Test func `a certificate is good from its first second to its last`() throws {
        let authority = try CertificateAuthority()
        let root = try authority.root("root")
        let leaf = try authority.issue("leaf", by: "root", days: 10)
        func isTrusted(at time: Int64) -> Bool {
            CertificatePath.verify(leaf: leaf, intermediates: [], anchors: [root], at: time)
        }
        #expect(isTrusted(at: leaf.validity.lowerBound) && isTrusted(at: leaf.validity.upperBound - 1))
        for time in [leaf.validity.lowerBound - 1, leaf.validity.upperBound + 1, 0, -1, .min, .max] {
            #expect(!isTrusted(at: time), "\(time)")
        }
        let pinned = [leaf]
        #expect(
            !CertificatePath.verify(
                leaf: leaf,
                intermediates: [],
                anchors: pinned,
                at: leaf.validity.upperBound + 1
            )
        )
    }

    @Test func `an extension that must be understood and is not ends the path`() throws {
        let authority = try CertificateAuthority()
        let root = try authority.root("root")
        for (word, isGood) in [("", true), ("critical,", false)] {
            let leaf = try authority.issue("leaf", by: "root", extensions: "1.3.6.1.4.1.99999.1=\(word)DER:0500")
            #expect(leaf.extensionValue("1.3.6.1.4.1.99999.1")?.isCritical == !isGood)
            #expect(isTrusted(leaf, [], [root]) == isGood)
        }
    }

    @Test func `an object identifier of ten kilobytes is not walked through`() throws {
        let authority = try CertificateAuthority()
        let root = try authority.root("root")
        let long = "3082271406822710" + String(repeating: "81", count: 9999) + "01"
        let leaf = try authority.issue("leaf", by: "root", extensions: "extendedKeyUsage=DER:\(long)")
        #expect(leaf.der.count > 10_000 && leaf.extendedKeyUsages.isEmpty)
        // OpenSSL reads it, as a usage that nobody asks for, and never writes it as text.
        #expect(isTrusted(leaf, [], [root]))
        let name = try authority.issue("name", by: "root", extensions: "subjectAltName=DER:\(long)")
        #expect(name.alternativeDirectoryAttributes.isEmpty)
    }

    /// CVE-2023-0464: policies that map to each other grow a tree of 2 to the power of the path's length.
    @Test func `policies grow no tree`() throws {
        let authority = try CertificateAuthority()
        let root = try authority.root("c0")
        let policies = "\ncertificatePolicies=1.3.5.1,1.3.5.2"
        let mappings = "\npolicyMappings=1.3.5.1:1.3.5.1,1.3.5.1:1.3.5.2,1.3.5.2:1.3.5.1,1.3.5.2:1.3.5.2"
        var chain: [Certificate] = []
        for step in 1...6 {
            let extensions = Self.canSign + policies + mappings
            chain.append(try authority.issue("c\(step)", by: "c\(step - 1)", extensions: extensions))
        }
        let leaf = try authority.issue(
            "leaf",
            by: "c6",
            extensions: "basicConstraints=critical,CA:FALSE" + policies
        )
        #expect(isTrusted(leaf, chain, [root]))
    }

    @Test func `an anchor that signed itself with SHA-1 ends a path, another with SHA-1 does not lead there`() throws {
        let authority = try CertificateAuthority()
        let old = try authority.root("old", digest: "sha1")
        let leaf = try authority.issue("leaf", by: "old")
        #expect(isTrusted(leaf, [], [old]) && isTrusted(leaf, [old], [old]))
        let middle = try authority.issue("middle", by: "old", extensions: Self.canSign, digest: "sha1")
        let below = try authority.issue("below", by: "middle")
        #expect(!isTrusted(below, [middle], [old]))
        #expect(isTrusted(below, [], [middle]))
    }
}
