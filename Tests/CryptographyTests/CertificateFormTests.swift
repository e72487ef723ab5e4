import Cryptography
import Testing

/// Certificates whose parts were rearranged so that two readers would see different things in them.
struct CertificateFormTests {
    private static let constraints: [UInt8] = [0x06, 0x03, 0x55, 0x1D, 0x13]

    /// A TBSCertificate's elements, which can be left out, doubled and put together again; the signature then is wrong,
    /// but reading looks at none.
    private struct Parts {
        var fields: [[UInt8]] = []
        let rest: [UInt8]

        init(_ certificate: Certificate) throws {
            var outer = DERReader(certificate.der)
            var reader = try outer.sequence()
            var fields = try reader.sequence()
            while !fields.isAtEnd { self.fields.append(Parts.encoded(try fields.next())) }
            var rest: [UInt8] = []
            while !reader.isAtEnd { rest += Parts.encoded(try reader.next()) }
            self.rest = rest
        }

        func certificate() throws -> Certificate {
            try Certificate(der: Parts.wrapped(0x30, Parts.wrapped(0x30, fields.flatMap { $0 }) + rest))
        }

        static func wrapped(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
            let count = contents.count
            if count < 0x80 { return [tag, UInt8(count)] + contents }
            if count < 0x100 { return [tag, 0x81, UInt8(count)] + contents }
            return [tag, 0x82, UInt8(count >> 8), UInt8(count & 0xFF)] + contents
        }

        private static func encoded(_ element: DERReader.Element) -> [UInt8] {
            let bits: UInt8 = element.isConstructed ? 0x20 : 0
            return switch element.tag {
            case .universal(let number): wrapped(UInt8(number) | bits, element.contents)
            case .context(let number): wrapped(UInt8(number) | bits | 0x80, element.contents)
            case .foreign(let number): wrapped(UInt8(number) | bits | 0xC0, element.contents)
            }
        }
    }

    private func parts() throws -> Parts {
        let authority = try CertificateAuthority()
        _ = try authority.root("root")
        let parts = try Parts(authority.issue("leaf", by: "root"))
        #expect(parts.fields.count == 8)
        return parts
    }

    @Test func `extensions stand once, at the end, and in version 3 only`() throws {
        let whole = try parts()
        #expect(try whole.certificate().hasBasicConstraints)
        var bare = whole
        bare.fields.removeLast()
        #expect(try !bare.certificate().hasBasicConstraints)
        let identifier: [UInt8] = [0x81, 0x02, 0x00, 0x01]
        let extensions = whole.fields[7]
        for (added, isGood) in [
            ([identifier, extensions], true), ([extensions, extensions], false), ([extensions, identifier], false),
            ([identifier, identifier, extensions], false), ([extensions, [0x04, 0x00]], false),
            ([[0xA4, 0x00]], false),
            ([[0x83] + extensions.dropFirst()], false),
        ] as [([[UInt8]], Bool)] {
            var bent = bare
            bent.fields += added
            #expect(((try? bent.certificate()) != nil) == isGood, "\(added.count) more")
        }
        for version in [0, 1, 3, 0x80] as [UInt8] {
            var bent = whole
            bent.fields[0] = [0xA0, 0x03, 0x02, 0x01, version]
            #expect(throws: CryptographyError.self, "version \(version)") { try bent.certificate() }
        }
        for place in 0..<8 {
            var bent = whole
            bent.fields.remove(at: place)
            // Version and extensions are optional, but version 1 has no extensions.
            #expect(((try? bent.certificate()) != nil) == (place == 7), "without field \(place)")
        }
    }

    @Test func `what an authority is has one form`() throws {
        let bare = try parts()
        for (value, isAuthority) in [
            ([0x30, 0], false), ([0x30, 3, 1, 1, 0xFF], true), ([0x30, 3, 1, 1, 0], false),
            ([0x30, 6, 1, 1, 0xFF, 2, 1, 0], true), ([0x30, 3, 2, 1, 0], false),
            ([0x30, 3, 1, 1, 1], nil), ([0x30, 4, 1, 2, 0xFF, 0xFF], nil), ([0x30, 2, 1, 0], nil), ([], nil),
            ([0x30, 6, 1, 1, 0xFF, 2, 1, 0xFF], nil), ([0x30, 5, 1, 1, 0xFF, 5, 0], nil), ([0x30, 2, 5, 0], nil),
            ([0x30, 0, 0], nil), ([0x31, 0], nil),
        ] as [([UInt8], Bool?)] {
            var bent = bare
            let entry = Parts.wrapped(0x30, Self.constraints + Parts.wrapped(0x04, value))
            bent.fields[7] = Parts.wrapped(0xA3, Parts.wrapped(0x30, entry))
            #expect((try? bent.certificate())?.isAuthority == isAuthority, "\(value)")
            bent.fields[7] = Parts.wrapped(0xA3, Parts.wrapped(0x30, entry + entry))
            #expect((try? bent.certificate()) == nil, "\(value) twice")
        }
    }
}
