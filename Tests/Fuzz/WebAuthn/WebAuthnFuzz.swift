// libFuzzer's entry: what authenticators and browsers send. Built and run by Tests/Fuzz/run.

import Cryptography
import WebAuthn

/// The first byte of an input picks what the rest is.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
    guard let selector = input.first else { return 0 }
    let rest = Array(input.dropFirst())
    switch selector % 7 {
    case 0: _ = try? CBORDecoder.decode(rest, depth: 8, limit: 65_536)
    case 1: clientData(rest)
    case 2: _ = try? AuthenticatorData(rest)
    case 3: key(rest)
    case 4: certificate(rest)
    case 5: registration(rest)
    default: _ = try? VerificationKey(subjectPublicKeyInfo: rest)
    }
    return 0
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

/// libFuzzer's driver; the build gives the program's entry a name of its own, so that libFuzzer's `main` is not taken.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ one: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The program's entry.
@_cdecl("WebAuthnFuzz_main")
public func fuzzMain(
    _ count: CInt,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    var count = count
    var arguments = unsafe arguments
    return unsafe runDriver(&count, &arguments, fuzzOne)
}
