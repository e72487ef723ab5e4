// libFuzzer's entry: what authenticators and browsers send. Built and run by Tests/Fuzz/run.

import FuzzDriver

@testable import Cryptography
@testable import WebAuthn

/// The first byte of an input picks what the rest is.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let input = unsafe FuzzInput(start, count) else { return 0 }
    let rest = input.bytes
    switch input.selector % 14 {
    case 0: _ = try? CBORDecoder.decode(rest, depth: 8, limit: 65_536)
    case 1: clientData(rest)
    case 2: _ = try? AuthenticatorData(rest)
    case 3: key(rest)
    case 4: certificate(rest)
    case 5: registration(rest)
    case 6: _ = try? VerificationKey(subjectPublicKeyInfo: rest)
    case 7: metadata(rest)
    case 8: _ = try? AndroidKeyDescription(rest).isAcceptable(needsHardware: false)
    case 9: publicArea(rest)
    case 10: _ = try? TPMCertification(rest)
    case 11: elements(DERReader(rest), depth: 8)
    case 12: numbers(DERReader(rest))
    default: _ = String(validating: rest, as: UTF8.self).map { try? Certificate.pem($0) }
    }
    return 0
}

/// The key that a TPM describes, compared with one of either kind.
private func publicArea(_ bytes: [UInt8]) {
    guard let area = try? TPMPublicArea(bytes) else { return }
    _ = area.name
    for key in comparedKeys { _ = area.isSameKey(as: key) }
}

/// The base points of P-256 and, for RSA, what lies at hand.
private let comparedKeys: [VerificationKey] = [
    Hex.decode("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296").flatMap { x in
        Hex.decode("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5").flatMap { y in
            try? VerificationKey(curve: .p256, x: x, y: y)
        }
    },
    try? VerificationKey(rsaModulus: [UInt8](repeating: 0xFF, count: 256), exponent: [1, 0, 1]),
].compactMap { $0 }

/// All elements, and those within; whatever comes, the reader ends.
private func elements(_ reader: DERReader, depth: Int) {
    var reader = reader
    while depth > 0, !reader.isAtEnd, let element = try? reader.next() {
        if element.isConstructed { elements(DERReader(element.contents), depth: depth - 1) }
    }
}

/// One element, read as each kind that certificates and their extensions have.
private func numbers(_ reader: DERReader) {
    var copy = reader
    if let identifier = try? copy.objectIdentifier() {
        precondition(!identifier.isEmpty, "an identifier has no arcs")
    }
    copy = reader
    _ = try? copy.integer()
    copy = reader
    _ = try? copy.enumerated()
    copy = reader
    _ = try? DistinguishedName.read(&copy)
    _ = try? CertificateTime.validity(reader)
}

private func clientData(_ bytes: [UInt8]) {
    guard let read = try? ClientData(bytes) else { return }
    precondition(String(validating: read.origin, as: UTF8.self) != nil, "a text of client data is no UTF-8")
}

private func key(_ bytes: [UInt8]) {
    guard let key = try? CredentialPublicKey(bytes) else { return }
    precondition((try? CredentialPublicKey(key.bytes)) == key, "a key that was read is not stable")
    _ = key.isValid(signature: Array(bytes.prefix(72)), of: bytes)
}

private func certificate(_ bytes: [UInt8]) {
    guard let read = try? Certificate(der: bytes) else { return }
    _ = (read.isAuthority, read.extendedKeyUsages, read.alternativeDirectoryAttributes.count)
    _ = CertificatePath.verify(leaf: read, intermediates: [read], anchors: [read], at: read.validity.lowerBound)
}

/// A signed file whose signer nobody trusts: its parts, its header and its certificates are read, and no more.
private func metadata(_ bytes: [UInt8]) {
    let trust = MetadataTrust(anchors: [], host: "mds.example.org", time: 1_800_000_000)
    precondition((try? MetadataBlob(bytes, trusting: trust)) == nil, "metadata without an anchor are taken")
}

/// An attestation object in a ceremony that is right but for it; only its format is left to be reached.
private func registration(_ bytes: [UInt8]) {
    let party = RelyingParty(id: "example.org", origins: ["https://example.org"])
    let expectation = RegistrationExpectation(
        relyingParty: party,
        challenge: [UInt8](repeating: 0, count: 32),
        userHandle: [1],
        userVerification: .discouraged,
        algorithms: COSEAlgorithm.forCredentials,
        attestation: AttestationPolicy(time: 1_800_000_000)
    )
    let challenge = Base64URL.encode([UInt8](repeating: 0, count: 32))
    let text = "{\"type\":\"webauthn.create\",\"challenge\":\"\(challenge)\",\"origin\":\"https://example.org\"}"
    let response = RegistrationResponse(
        envelope: CredentialEnvelope(id: "AQ", rawID: [1], type: "public-key"),
        clientDataJSON: Array(text.utf8),
        attestationObject: bytes
    )
    _ = try? RegistrationCeremony.verify(response, against: expectation)
}

/// The program's entry.
@_cdecl("WebAuthnFuzz_main")
public func fuzzMain(
    _ count: CInt,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    unsafe runFuzzer(count, arguments, fuzzOne)
}
