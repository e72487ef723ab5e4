/// Names of authenticators by their model's number, for lists that people read.
///
/// A name decides nothing: without attestation the number is a mere claim.
package enum KnownModels {
    /// The name of a model.
    ///
    /// - Parameters:
    ///   - model: The number an authenticator gave.
    ///   - metadata: What the makers say, which counts before the table here.
    /// - Returns: The name; nil for a model nobody here knows.
    package static func name(of model: AAGUID, metadata: MetadataBlob? = nil) -> String? {
        metadata?[model]?.statement?.description ?? names[model]
    }

    /// The names that are built in.
    static let names: [AAGUID: String] = {
        var names: [AAGUID: String] = [:]
        for line in table.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let model = AAGUID(String(parts[0])) else { continue }
            names[model] = String(parts[1])
        }
        return names
    }()
}
