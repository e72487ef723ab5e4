internal import Cryptography

/// Who we are to authenticators, and which pages may speak for us (Level 3 sections 4 and 13.4.9).
///
/// Origins are compared byte by byte: text equality would call different spellings of one letter equal (SECURITY F10).
package struct RelyingParty: Sendable, Hashable {
    /// Whether our pages may work inside frames of other origins.
    package enum Embedding: Sendable, Hashable {
        case forbidden
        /// Inside pages of these origins; a client that does not tell the page on top is believed.
        case allowed(topOrigins: Set<[UInt8]>)

        /// Allows pages of these origins around ours.
        package static func allowed(inside origins: [String]) -> Embedding {
            .allowed(topOrigins: Set(origins.map { Array($0.utf8) }))
        }
    }

    /// The domain name credentials are scoped to.
    package let id: String
    /// SHA-256 of the identifier, as authenticators send it.
    package let idHash: [UInt8]
    let origins: Set<[UInt8]>
    let embedding: Embedding

    /// Describes a relying party from the configuration.
    ///
    /// - Parameters:
    ///   - id: The domain name, in lower-case ASCII.
    ///   - origins: The origins of our pages as browsers write them (`https://login.example.org`, port only if unusual).
    ///   - embedding: Whether other pages may frame ours.
    package init(id: String, origins: [String], embedding: Embedding = .forbidden) {
        self.id = id
        idHash = SHA256.digest(of: Array(id.utf8))
        self.origins = Set(origins.map { Array($0.utf8) })
        self.embedding = embedding
    }
}
