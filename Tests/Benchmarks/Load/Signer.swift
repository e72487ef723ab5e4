internal import PasskeySigner

/// The private key of a passkey.
// OpenSSL only reads a key while it signs, and counts its holders atomically; nothing else touches the pointer.
final class Signer: @unchecked Sendable {
    private let signer: OpaquePointer

    init() throws(SoftwareAuthenticator.Failure) {
        guard let signer = PasskeySigner_new() else { throw .noKey }
        self.signer = signer
    }

    deinit {
        PasskeySigner_free(signer)
    }

    /// The point of the public key.
    func publicKey() throws(SoftwareAuthenticator.Failure) -> (x: [UInt8], y: [UInt8]) {
        let count = Int(PasskeySigner_coordinate_bytes)
        var coordinates = [UInt8](repeating: 0, count: 2 * count)
        guard PasskeySigner_public_key(signer, &coordinates) == 1 else { throw .noKey }
        return (Array(coordinates.prefix(count)), Array(coordinates.suffix(count)))
    }

    /// The DER signature of a message.
    func sign(_ message: [UInt8]) throws(SoftwareAuthenticator.Failure) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: Int(PasskeySigner_maximum_signature_bytes))
        let count = PasskeySigner_sign(signer, message, message.count, &signature)
        guard count > 0 else { throw .noSignature }
        return Array(signature.prefix(count))
    }
}
