internal import OutboundHTTP

extension ProvidersSettings {
    /// Where requests to providers may go.
    var outboundPolicy: OutboundPolicy {
        OutboundPolicy(
            developmentHosts: Set(developmentHosts),
            certificateAuthorityFile: certificateAuthorityFile.isEmpty ? nil : certificateAuthorityFile,
            totalTimeout: timeout
        )
    }
}
