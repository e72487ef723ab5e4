/// Which users of a run have a gram: the steps from one place to the next, seven bits to a byte, the lowest first.
enum TextPlaces {
    /// Writes places, which ascend.
    static func encode(_ places: some Sequence<UInt16>) -> [UInt8] {
        var bytes: [UInt8] = []
        var last = 0
        for place in places {
            var step = Int(place) - last
            last = Int(place)
            while step > 0x7F {
                bytes.append(UInt8(truncatingIfNeeded: step) | 0x80)
                step >>= 7
            }
            bytes.append(UInt8(truncatingIfNeeded: step))
        }
        return bytes
    }

    /// Reads places; nil for what is none.
    static func decode(_ bytes: [UInt8]) -> [UInt16]? {
        var places: [UInt16] = []
        var (last, step, shift) = (0, 0, 0)
        for byte in bytes {
            guard shift <= 14 else { return nil }
            step |= Int(byte & 0x7F) << shift
            shift += 7
            guard byte < 0x80 else { continue }
            last += step
            guard let place = UInt16(exactly: last) else { return nil }
            places.append(place)
            (step, shift) = (0, 0)
        }
        return shift == 0 ? places : nil
    }

    /// The places that are in both; both ascend.
    static func common(_ left: [UInt16], _ right: [UInt16]) -> [UInt16] {
        var found: [UInt16] = []
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            if left[i] == right[j] { found.append(left[i]) }
            let isLeft = left[i] <= right[j]
            if right[j] <= left[i] { j += 1 }
            if isLeft { i += 1 }
        }
        return found
    }
}
