/// What a hash by Argon2 costs (RFC 9106 section 3.1), within bounds that hold for every record we read or write.
package struct Argon2Parameters: Sendable, Hashable {
    /// How the memory is addressed.
    package enum Variant: String, Sendable, CaseIterable {
        case d = "argon2d"
        case i = "argon2i"
        case id = "argon2id"
    }

    /// Which revision of the algorithm.
    package enum Version: UInt32, Sendable, CaseIterable {
        /// Until 2015; imports only.
        case v10 = 16
        /// RFC 9106.
        case v13 = 19
    }

    package let variant: Variant
    package let version: Version
    /// Memory in KiB.
    package let memory: UInt32
    /// How often the memory is gone over.
    package let passes: UInt32
    /// Degree of parallelism; our code computes all lanes in the calling thread.
    package let lanes: UInt32
    /// Bytes of the tag.
    package let tagCount: Int

    static let memoryRange: ClosedRange<UInt32> = 8...262_144
    static let passRange: ClosedRange<UInt32> = 1...64
    static let laneRange: ClosedRange<UInt32> = 1...16

    /// What a new record costs when nothing is configured: 19 MiB and two passes (SECURITY PW-07).
    package static let standard = Argon2Parameters(
        checked: .id,
        version: .v13,
        memory: 19_456,
        passes: 2,
        lanes: 1,
        tagCount: 32
    )

    /// Takes values within bounds; nil for others.
    ///
    /// - Parameters:
    ///   - variant: `.id` for new records.
    ///   - version: `.v13` for new records.
    ///   - memory: 8 KiB for each lane to 256 MiB, in KiB.
    ///   - passes: 1 to 64.
    ///   - lanes: 1 to 16.
    ///   - tagCount: 16 to 64 bytes.
    package init?(
        variant: Variant = .id,
        version: Version = .v13,
        memory: UInt32,
        passes: UInt32,
        lanes: UInt32,
        tagCount: Int = 32
    ) {
        guard Self.laneRange.contains(lanes), Self.memoryRange.contains(memory), memory >= 8 * lanes,
            Self.passRange.contains(passes),
            (16...64).contains(tagCount)
        else { return nil }
        self.init(
            checked: variant,
            version: version,
            memory: memory,
            passes: passes,
            lanes: lanes,
            tagCount: tagCount
        )
    }

    private init(
        checked variant: Variant,
        version: Version,
        memory: UInt32,
        passes: UInt32,
        lanes: UInt32,
        tagCount: Int
    ) {
        self.variant = variant
        self.version = version
        self.memory = memory
        self.passes = passes
        self.lanes = lanes
        self.tagCount = tagCount
    }

    /// Bytes of the block that the computation needs.
    package var memoryCount: Int { Int(memory) * 1024 }
}
