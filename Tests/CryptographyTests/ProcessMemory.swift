import Cryptography
import Foundation

/// A pattern that stands nowhere in memory in clear but in the secret made of it.
struct Canary {
    private static let mask: UInt8 = 0xA5
    private let masked: [UInt8]

    /// What is looked for: the allocator writes over the first sixteen bytes of what is freed.
    private var tail: ArraySlice<UInt8> { masked.suffix(16) }

    init() {
        masked = SystemRandom().bytes(32)
    }

    /// Takes what must be found from bytes that are masked in place, so that no copy in clear is left.
    init(masking bytes: inout [UInt8]) {
        for index in bytes.indices { bytes[index] ^= Self.mask }
        masked = bytes
    }

    /// The pattern in clear.
    var secret: SecretBytes {
        SecretBytes(count: masked.count) { buffer in
            for index in masked.indices { buffer[index] = masked[index] ^ Self.mask }
        }
    }

    /// How often the pattern's end stands in this process's writable memory.
    func occurrences() throws -> Int {
        let memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
        defer { close(memory) }
        let size = 1 << 20
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        defer {
            // Nor may the next scan find what this one read.
            buffer.initializeMemory(as: UInt8.self, repeating: 0, count: size)
            buffer.deallocate()
        }
        var found = 0
        // The buffer is no part of what is scanned: a read onto itself would find what it has just read.
        let own = Int(bitPattern: buffer)..<Int(bitPattern: buffer) + size
        for region in try Self.writableRegions().flatMap({ Self.parts(of: $0, without: own) }) {
            for start in stride(from: region.lowerBound, to: region.upperBound, by: size - tail.count) {
                let count = pread(memory, buffer, min(size, region.upperBound - start), off_t(start))
                if count > 0 { found += occurrences(in: UnsafeRawBufferPointer(start: buffer, count: count)) }
            }
        }
        return found
    }

    private func occurrences(in bytes: UnsafeRawBufferPointer) -> Int {
        guard var place = bytes.baseAddress, let first = tail.first else { return 0 }
        let end = place + bytes.count
        var found = 0
        while let hit = memchr(place, Int32(first ^ Self.mask), place.distance(to: end)) {
            place = UnsafeRawPointer(hit) + 1
            guard place - 1 + tail.count <= end else { break }
            let candidate = UnsafeRawBufferPointer(start: hit, count: tail.count)
            if zip(candidate, tail).allSatisfy({ $0 == $1 ^ Self.mask }) { found += 1 }
        }
        return found
    }

    private static func parts(of region: Range<Int>, without hole: Range<Int>) -> [Range<Int>] {
        guard region.overlaps(hole) else { return [region] }
        let before = region.lowerBound..<max(region.lowerBound, hole.lowerBound)
        let after = min(region.upperBound, hole.upperBound)..<region.upperBound
        return [before, after].filter { !$0.isEmpty }
    }

    private static func writableRegions() throws -> [Range<Int>] {
        let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
        return maps.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            let bounds = words[0].split(separator: "-").compactMap { Int($0, radix: 16) }
            // A sanitizer's shadow memory is terabytes of nothing; no allocation of ours is that large.
            guard words[1].hasPrefix("rw"), bounds.count == 2, bounds[1] - bounds[0] < 1 << 32 else { return nil }
            return bounds[0]..<bounds[1]
        }
    }
}
