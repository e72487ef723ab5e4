import Cryptography
import Testing

@testable import WebAuthn

/// SECURITY AF-10: metadata that are rightly signed, and right but for one thing.
struct MetadataTests {
    typealias Script = MetadataFile.Script

    private let root: Attestor

    init() throws {
        root = try Attestor(subject: "/CN=Root", signedBy: nil)
    }

    private func outcome(
        anchors: [Certificate]? = nil,
        host: String = "mds.fidoalliance.org",
        time: Int64 = Attestor.now,
        previousNumber: Int64? = nil,
        _ bend: (inout Script) throws -> Void = { _ in }
    ) throws -> Result<MetadataBlob, MetadataError> {
        var script = Script()
        script.entries = [MetadataFile.entry()]
        try bend(&script)
        let file = try MetadataFile(script, signedUnder: root)
        let trust = MetadataTrust(anchors: anchors ?? [root.certificate], host: host, time: time)
        return Result { () throws(MetadataError) in
            try MetadataBlob(file.bytes, trusting: trust, previousNumber: previousNumber)
        }
    }

    private func refusal(
        anchors: [Certificate]? = nil,
        host: String = "mds.fidoalliance.org",
        time: Int64 = Attestor.now,
        previousNumber: Int64? = nil,
        _ bend: (inout Script) throws -> Void = { _ in }
    ) throws -> MetadataError? {
        let outcome = try outcome(
            anchors: anchors,
            host: host,
            time: time,
            previousNumber: previousNumber,
            bend
        )
        if case .failure(let error) = outcome { return error }
        return nil
    }

    @Test(arguments: [COSEAlgorithm.rs256, .es256])
    func `a file under our root is read`(algorithm: COSEAlgorithm) throws {
        let blob = try outcome {
            $0.algorithm = algorithm
            $0.entries = [
                MetadataFile.entry(roots: [MetadataFile.base64(root.certificate), "no certificate"]),
                MetadataFile.entry(nil), MetadataFile.entry(AAGUID.zero.description),
            ]
        }.get()
        #expect(blob.number == 7 && blob.nextUpdate == 1_898_467_200)
        let model = try #require(AAGUID(MetadataFile.model))
        #expect(blob.models == [model] && blob[.zero] == nil)
        let entry = try #require(blob[model])
        #expect(entry.statement?.description == "Model Seven")
        #expect(entry.statement?.attestationRoots == [root.certificate] && blob.unreadableRoots == 1)
        #expect(entry.statusReports.map(\.status) == ["FIDO_CERTIFIED"])
        #expect(entry.statusReports.map(\.effectiveTime) == [1_709_164_800])
        #expect(entry.verdict == .acceptable)
    }

    @Test func `only our root vouches for the signer`() throws {
        let stranger = try Attestor(subject: "/CN=Root", signedBy: nil)
        #expect(try refusal(anchors: [stranger.certificate]) == .notTrusted)
        #expect(try refusal(anchors: []) == .notTrusted)
        // A year on the signer's certificate is over.
        #expect(try refusal(time: Attestor.now + 365 * 86_400) == .notTrusted)
        #expect(try refusal(time: 0) == .notTrusted)
        // Somebody else's right certificate, and no key to it.
        let host = "basicConstraints=CA:FALSE\nsubjectAltName=DNS:mds.fidoalliance.org"
        let other = try Attestor(subject: "/CN=x", extensions: host, signedBy: root)
        #expect(try refusal { $0.certificates = [MetadataFile.base64(other.certificate)] } == .wrongSignature)
        // A root of the signer's own beside his certificate.
        let forged = try Attestor(subject: "/CN=x", extensions: host, signedBy: stranger)
        let chain = [forged, stranger].map { MetadataFile.base64($0.certificate) }
        #expect(try refusal { $0.certificates = chain } == .notTrusted)
    }

    @Test func `a path may lead over another authority`() throws {
        let middle = try Attestor(
            subject: "/CN=Middle",
            extensions: "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign",
            signedBy: root
        )
        let trust = MetadataTrust(anchors: [root.certificate], time: Attestor.now)
        var script = Script()
        let alone = try MetadataFile(script, signedUnder: middle)
        #expect(throws: MetadataError.notTrusted) { try MetadataBlob(alone.bytes, trusting: trust) }
        script.authorities = [MetadataFile.base64(middle.certificate)]
        let file = try MetadataFile(script, signedUnder: middle)
        #expect(try MetadataBlob(file.bytes, trusting: trust).number == 7)
    }

    @Test func `the signer is the service's host`() throws {
        #expect(try refusal(host: "mds.example.org") == .wrongHost)
        #expect(try refusal(host: "other.example.org") == nil)
        #expect(try refusal { $0.extensions = "subjectAltName=DNS:*.fidoalliance.org" } == .wrongHost)
        #expect(try refusal { $0.extensions = "subjectAltName=DNS:mds.fidoalliance.org.evil.example" } == .wrongHost)
        #expect(try refusal { $0.extensions = "subjectAltName=email:mds.fidoalliance.org" } == .wrongHost)
        #expect(try refusal { $0.extensions = "basicConstraints=CA:FALSE" } == .wrongHost)
        #expect(
            try refusal { ($0.subject, $0.extensions) = ("/CN=mds.fidoalliance.org", "basicConstraints=CA:FALSE") }
                == nil
        )
        // Where there are alternative names, the common name is none.
        #expect(
            try refusal {
                ($0.subject, $0.extensions) = ("/CN=mds.fidoalliance.org", "subjectAltName=DNS:example.org")
            } == .wrongHost
        )
    }

    @Test func `a signature that is bent, of another form or of no key is refused`() throws {
        for algorithm in [COSEAlgorithm.rs256, .es256] {
            for bend: ([UInt8]) -> [UInt8] in [
                { $0.dropLast() + [($0.last ?? 0) ^ 1] }, { _ in [] }, { $0 + [0] }, { Array($0.dropLast()) },
                { $0.prefix(32) + [0] + $0.dropFirst(32) },
                { [UInt8](repeating: 0, count: $0.count) },
            ] {
                #expect(try refusal { ($0.algorithm, $0.bend) = (algorithm, bend) } == .wrongSignature)
            }
        }
        // The name of one algorithm over the signature of another's key.
        #expect(try refusal { ($0.algorithm, $0.algorithmName) = (.rs256, "ES256") } == .wrongSignature)
        #expect(try refusal { ($0.algorithm, $0.algorithmName) = (.es256, "RS256") } == .wrongSignature)
    }

    @Test(arguments: ["none", "None", "HS256", "RS384", "ES384", "PS256", "rs256", "", "RS256 "])
    func `no algorithm but ours is taken`(name: String) throws {
        #expect(try refusal { $0.algorithmName = name } == .algorithmNotAllowed)
        let unsigned: ([UInt8]) -> [UInt8] = { _ in [] }
        #expect(try refusal { ($0.algorithmName, $0.bend) = (name, unsigned) } == .algorithmNotAllowed)
    }

    @Test func `a header is one object, without what we must understand, and with certificates`() throws {
        #expect(try refusal { $0.moreHeader = ",\"crit\":[\"b64\"],\"b64\":false" } == .malformedHeader)
        #expect(try refusal { $0.moreHeader = ",\"alg\":\"RS256\"" } == .malformedHeader)
        #expect(try refusal { $0.moreHeader = ",\"x5c\":[]" } == .malformedHeader)
        #expect(try refusal { $0.moreHeader = "," } == .malformedHeader)
        #expect(try refusal { $0.certificates = [] } == .malformedCertificates)
        #expect(try refusal { $0.certificates = ["AAAA"] } == .malformedCertificates)
        #expect(try refusal { $0.certificates = ["*"] } == .malformedCertificates)
        let one = MetadataFile.base64(root.certificate)
        #expect(try refusal { $0.certificates = [String](repeating: one, count: 11) } == .malformedCertificates)
    }

    @Test func `a token is three parts in canonical base64url`() throws {
        let file = try MetadataFile(Script(), signedUnder: root)
        let trust = MetadataTrust(anchors: [root.certificate], time: Attestor.now)
        func refusal(_ bytes: [UInt8]) -> MetadataError? {
            do throws(MetadataError) {
                _ = try MetadataBlob(bytes, trusting: trust)
                return nil
            } catch {
                return error
            }
        }
        let text = String(decoding: file.bytes, as: UTF8.self)
        let parts = text.split(separator: ".")
        #expect(refusal(file.bytes) == nil)
        for bent in ["", ".", "..", "\(parts[0]).\(parts[1])", text + ".", text + "=", text + "\n", "=" + text] {
            #expect(refusal(Array(bent.utf8)) != nil, "\(bent.prefix(8))")
        }
        #expect(refusal(Array("e30.\(parts[1]).\(parts[2])".utf8)) == .malformedHeader)
        // The signature is over the letters: other letters, whatever they mean, are not signed.
        #expect(refusal(Array("\(parts[0]).\(parts[1])A.\(parts[2])".utf8)) == .wrongSignature)
        #expect(refusal(Array("\(parts[0])..\(parts[2])".utf8)) == .wrongSignature)
        #expect(refusal([UInt8](repeating: 0x41, count: SignedMetadata.limit + 1)) == .tooLarge)
        #expect(refusal([UInt8](repeating: 0x41, count: 70_000) + Array(".e30.AA".utf8)) == .malformedToken)
    }

    @Test func `a serial number never falls`() throws {
        #expect(try refusal(previousNumber: 8) == .rolledBack)
        #expect(try refusal(previousNumber: 7) == nil)
        #expect(try refusal(previousNumber: 6) == nil)
        #expect(try refusal { $0.number = "-1" } == .malformedPayload)
        #expect(try refusal { $0.number = "7.5" } == .malformedPayload)
        #expect(try refusal { $0.number = "99999999999999999999" } == .malformedPayload)
    }

    @Test func `metadata are stale when the day of the next ones is over`() throws {
        let blob = try outcome().get()
        #expect(!blob.isStale(at: blob.nextUpdate - 1) && !blob.isStale(at: blob.nextUpdate + 86_399))
        #expect(blob.isStale(at: blob.nextUpdate + 86_400))
    }

    @Test func `one model has one entry`() throws {
        let entry = MetadataFile.entry()
        #expect(try refusal { $0.entries = [entry, entry] } == .duplicateEntry)
        let upper = MetadataFile.entry("AAAAAAAA-0707-0707-0707-070707070707")
        let lower = MetadataFile.entry("aaaaaaaa-0707-0707-0707-070707070707")
        #expect(try refusal { $0.entries = [upper, lower] } == .duplicateEntry)
    }

    @Test(arguments: [
        "", "[]", "{}", "{\"no\":7,\"nextUpdate\":\"2030-02-28\"}",
        "{\"no\":7,\"nextUpdate\":\"2030-02-28\",\"entries\":[{\"aaguid\":\"\(MetadataFile.model)\"}]}",
        "{\"no\":7,\"nextUpdate\":\"2030-02-28\",\"entries\":[{\"aaguid\":\"7\",\"statusReports\":[]}]}",
        "{\"no\":7,\"nextUpdate\":\"2030-02-30\",\"entries\":[]}",
        "{\"no\":\"7\",\"nextUpdate\":\"2030-02-28\",\"entries\":[]}",
    ])
    func `a signed document that is no metadata is refused`(payload: String) throws {
        #expect(try refusal { $0.payload = payload } == .malformedPayload)
    }

    @Test(
        arguments: [
            ("1970-01-01", 0), ("1970-12-31", 31_449_600), ("2000-02-29", 951_782_400), ("2000-03-01", 951_868_800),
            ("2026-11-23", 1_795_392_000), ("2100-03-01", 4_107_542_400), ("9999-12-31", 253_402_214_400),
            ("2100-02-29", nil), ("2023-02-29", nil), ("2026-04-31", nil), ("2026-13-01", nil), ("2026-00-01", nil),
            ("2026-01-00", nil), ("1969-12-31", nil), ("2026-1-01", nil), ("26-01-01", nil), ("2026-01-01T", nil),
            ("2026/01/01", nil), ("+026-01-01", nil), ("2026-0 -01", nil), ("", nil), ("--", nil),
        ] as [(String, Int64?)]
    )
    func `a date is a day there is`(text: String, seconds: Int64?) {
        #expect(MetadataDate.seconds(text) == seconds)
    }
}
