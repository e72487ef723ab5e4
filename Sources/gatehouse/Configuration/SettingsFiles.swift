internal import Foundation

/// Checks the files that settings name: they exist, and secrets are their owner's only.
struct SettingsFiles {
    private let settings: Settings

    init(_ settings: Settings) {
        self.settings = settings
    }

    /// One sentence for each problem.
    func problems() -> [String] {
        let secrets = [
            ("database.password-file", settings.database.passwordFile),
            ("mail.smtp-password-file", settings.mail.smtpPasswordFile),
            ("sms.gateway-header-file", settings.sms.gatewayHeaderFile),
            ("rpc.private-key-file", settings.rpc.privateKeyFile),
            ("site.private-key-file", settings.site.privateKeyFile),
        ]
        let others = [
            ("database.ca-file", settings.database.certificateAuthorityFile),
            ("rpc.certificate-file", settings.rpc.certificateFile),
            ("rpc.client-ca-file", settings.rpc.clientAuthorityFile),
            ("site.certificate-file", settings.site.certificateFile),
            ("mail.smtp-ca-file", settings.mail.smtpCertificateAuthorityFile),
            ("sms.gateway-ca-file", settings.sms.gatewayCertificateAuthorityFile),
            ("passkeys.attestation-roots-file", settings.passkeys.rootsFile),
            ("passkeys.metadata-file", settings.passkeys.metadataFile),
            ("passkeys.metadata-ca-file", settings.passkeys.metadataRootsFile),
        ]
        return secrets.compactMap { secretProblem($0.0, $0.1) } + others.compactMap { readingProblem($0.0, $0.1) }
            + passwordProblems()
    }

    private func passwordProblems() -> [String] {
        do {
            _ = try settings.passwordRules()
            return []
        } catch {
            return error.problems
        }
    }

    private func readingProblem(_ key: String, _ path: String) -> String? {
        guard !path.isEmpty, !FileManager.default.isReadableFile(atPath: path) else { return nil }
        return "\(key): the file cannot be read"
    }

    private func secretProblem(_ key: String, _ path: String) -> String? {
        guard !path.isEmpty else { return nil }
        if let problem = readingProblem(key, path) { return problem }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue, mode & 0o077 == 0 else {
            return "\(key): the file must be readable by its owner only (chmod 600)"
        }
        return nil
    }
}
