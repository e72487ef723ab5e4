internal import Cryptography
internal import Foundation
internal import Identity
internal import WebAuthn

extension PasskeySettings {
    /// Sets the rules of passkeys as configured.
    ///
    /// - Throws: `CommandFailure` that names the option whose file is no use.
    func apply(to rules: inout PasskeyPolicy) throws {
        rules.maximumPerUser = maximumPerUser
        rules.userVerification = userVerification == .required ? .required : .preferred
        if !algorithms.isEmpty { rules.algorithms = algorithms }
        rules.allowsSynchronised = allowsSynchronised
        rules.attestationConveyance = attestation
        rules.attestation.formats = formats
        rules.attestation.requiresTrust = requiresTrust
        rules.attestation.allowedModels = allowedModels.isEmpty ? nil : allowedModels
        rules.attestation.deniedModels = deniedModels
        rules.attestation.commonAnchors = try CertificateFile.certificates(
            rootsFile,
            option: "passkeys.attestation-roots-file"
        )
    }
}

/// The certificates that a setting names.
enum CertificateFile {
    /// All certificates of a PEM file; none for an empty path.
    static func certificates(_ path: String, option: String) throws -> [Certificate] {
        guard !path.isEmpty else { return [] }
        guard let data = FileManager.default.contents(atPath: path),
            let certificates = try? Certificate.pem(String(decoding: data, as: UTF8.self))
        else { throw CommandFailure("\(option): the file holds no certificates in PEM form, or one is malformed") }
        return certificates
    }
}
