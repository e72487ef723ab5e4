/// What a message may cost to decode.
package struct DecodingLimits: Sendable {
    /// The largest encoding, in bytes.
    package var maximumBytes: Int

    /// Unknown fields tolerated in the whole message; protobuf-c spends 40 bytes and an allocation on each.
    package var maximumUnknownFields = 32

    /// Messages within messages.
    package var maximumDepth = 16

    /// Bytes of arena for each byte of input, on top of `arenaBase`.
    var arenaFactor = 8

    /// Bytes of arena that even the smallest message may use.
    var arenaBase = 16 * 1024

    /// Everything follows from the largest encoding, in bytes.
    package init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
    }

    /// The limits of a method's request.
    package init(_ method: MethodDescriptor) {
        self.init(maximumBytes: method.maximumRequestBytes)
        if method.kind == .clientStreaming || method.kind == .bidirectionalStreaming { arenaFactor = Self.listFactor }
    }

    /// For what is a list of records: some of a few bytes each take thirty times as much in memory.
    private static let listFactor = 32

    /// For answers of a server that the client trusts with this much: 16 MiB.
    package static let reply: DecodingLimits = {
        var limits = DecodingLimits(maximumBytes: 16 * 1024 * 1024)
        limits.arenaFactor = listFactor
        return limits
    }()

    /// For frames: one big `bytes` field is the rule, so that little more than the input is needed.
    static func frame(maximumBytes: Int) -> DecodingLimits {
        var limits = DecodingLimits(maximumBytes: maximumBytes)
        limits.arenaFactor = 2
        return limits
    }

    /// Bytes of arena for an input of `count` bytes.
    func arenaBytes(for count: Int) -> Int { arenaBase + arenaFactor * count }

    /// Allocations for an input of `count` bytes: no field that needs one is shorter than two bytes.
    func allocations(for count: Int) -> Int { 64 + count / 2 }
}
