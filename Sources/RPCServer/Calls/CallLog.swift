internal import Identity
internal import Logging
internal import Metrics
internal import Wire

/// One log line and one count for each call that failed.
struct CallLog: Sendable {
    let logger: Logger

    /// Notes a failed call.
    ///
    /// The method's name is a client's text until it is known to be one of ours.
    func note(
        _ status: Status,
        of method: String,
        isKnown: Bool,
        _ metadata: CallMetadata,
        cause: any Error,
        from address: String?
    ) {
        let name = isKnown ? method : "unknown"
        Counter(
            label: "gatehouse_rpc_failures",
            dimensions: [("method", name), ("code", String(status.code))]
        ).increment()
        // A stream that ends with the server, or with its client's patience, is no failure of ours.
        let isOurs =
            [StatusCode.internalFailure, StatusCode.unavailable].contains(status.code) && !(cause is StreamEnd)
        var fields: Logger.Metadata = [
            "rpc.method": "\(name)", "rpc.status": "\(status.code)", "request.id": "\(metadata.requestID)",
        ]
        if let address { fields["source.address"] = "\(address)" }
        if let trace = metadata.traceParent { fields["trace.parent"] = "\(trace)" }
        if isOurs { fields["error.cause"] = "\(Self.cause(of: cause))" }
        logger.log(level: isOurs ? .error : .info, "A call failed", metadata: fields)
    }

    /// What led to a failure of ours.
    ///
    /// Causes describe themselves without values (STYLE rule 16).
    private static func cause(of error: any Error) -> String {
        guard let flow = error as? FlowError else { return String(describing: type(of: error)) }
        return flow.cause.map { String(describing: $0) } ?? flow.message
    }
}
