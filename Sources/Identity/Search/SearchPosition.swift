import MariaDB

/// The last user of a list that was looked at.
struct SearchPosition: Sendable, Hashable {
    /// Which part of the plan.
    var phase: Int
    /// Where in its index; nil before its beginning.
    var place: Place?

    struct Place: Sendable, Hashable {
        /// Nil where all users share one key.
        let key: SearchKey?
        let id: UserID
    }

    init(phase: Int, place: Place? = nil) {
        self.phase = phase
        self.place = place
    }

    /// Before all of the next part.
    var next: SearchPosition { SearchPosition(phase: phase + 1) }

    /// For a page token.
    var bytes: [UInt8] {
        let first = [UInt8(clamping: phase)]
        guard let place else { return first }
        switch place.key {
        case nil: return first + place.id.bytes
        case .bytes(let bytes)?: return first + place.id.bytes + [1] + bytes
        case .moment(let moment)?:
            let number = moment.microsecondsSinceEpoch
            return first + place.id.bytes + [2] + (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
        }
    }

    /// Reads `bytes`; nil for what is none.
    init?(bytes: [UInt8]) {
        guard let first = bytes.first else { return nil }
        phase = Int(first)
        guard bytes.count > 1 else { return }
        guard bytes.count >= 17, let id = UserID(bytes: Array(bytes[1..<17])) else { return nil }
        let rest = Array(bytes.dropFirst(18))
        switch bytes.dropFirst(17).first {
        case nil: place = Place(key: nil, id: id)
        case 1: place = Place(key: .bytes(rest), id: id)
        case 2 where rest.count == 8:
            let number = rest.reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
            place = Place(key: .moment(Timestamp(microsecondsSinceEpoch: number)), id: id)
        default: return nil
        }
    }
}
