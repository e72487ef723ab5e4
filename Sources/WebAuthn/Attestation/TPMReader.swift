/// Takes big-endian parts off a TPM structure (TPM 2.0 Library part 2).
struct TPMReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    /// The next bytes.
    mutating func take(_ count: Int) throws(AttestationError) -> [UInt8] {
        guard count <= bytes.count - position else { throw .malformedStructure }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    /// A UINT16.
    mutating func short() throws(AttestationError) -> UInt16 {
        try take(2).reduce(0) { $0 << 8 | UInt16($1) }
    }

    /// A UINT32.
    mutating func long() throws(AttestationError) -> UInt32 {
        try take(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// A TPM2B: a length and as many bytes.
    mutating func sized() throws(AttestationError) -> [UInt8] {
        try take(Int(try short()))
    }
}
