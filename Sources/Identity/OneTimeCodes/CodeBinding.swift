/// All that a code is bound to: the flow that asked, the purpose, and the exact address (SECURITY OTP-05).
struct CodeBinding: Sendable, Hashable {
    let flowID: FlowID
    let purpose: CodePurpose
    let addressKind: IdentifierKind
    let addressCanonical: [UInt8]

    /// The bytes whose authentication code is stored for a code in canonical form; unambiguous for any input.
    func authenticated(code: [UInt8]) -> [UInt8] {
        var bytes = flowID.bytes
        bytes += [purpose.rawValue, addressKind.rawValue]
        bytes += Self.bigEndian(addressCanonical.count)
        bytes += addressCanonical
        bytes += Self.bigEndian(code.count)
        return bytes + code
    }

    private static func bigEndian(_ count: Int) -> [UInt8] {
        (0..<4).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    }
}
