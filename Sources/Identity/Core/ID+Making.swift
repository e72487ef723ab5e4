package import Cryptography
package import MariaDB

extension ID {
    /// Makes a UUIDv7: 48 bits of milliseconds, 12 bits of the fraction below (RFC 9562 section 6.2 method 3), 62 random bits.
    package static func make(at now: Timestamp, random: any RandomSource) -> ID {
        let micros = UInt64(clamping: now.microsecondsSinceEpoch)
        let (millis, rest) = micros.quotientAndRemainder(dividingBy: 1000)
        let fraction = rest * 4096 / 1000
        var bytes = random.bytes(16)
        for index in 0..<6 { bytes[index] = UInt8(truncatingIfNeeded: millis >> (8 * UInt64(5 - index))) }
        bytes[6] = 0x70 | UInt8(truncatingIfNeeded: fraction >> 8)
        bytes[7] = UInt8(truncatingIfNeeded: fraction)
        bytes[8] = 0x80 | bytes[8] & 0x3F
        return ID(exactly: bytes)
    }

    /// Sixteen zero bytes: nobody.
    ///
    /// Marks what belongs to no service account.
    package static var zero: ID { ID(exactly: [UInt8](repeating: 0, count: 16)) }

    /// Sixteen bytes of 255: greater than every id that is made.
    static var greatest: ID { ID(exactly: [UInt8](repeating: 255, count: 16)) }
}
