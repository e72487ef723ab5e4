/// One step of the schema and its way back.
package struct Migration: Sendable, Hashable {
    /// Its place in the order, from 1 without gaps.
    package let number: Int
    package let name: String
    /// Statements that end with `;` at the end of a line.
    package let up: String
    /// The statements that undo `up`.
    package let down: String

    package init(number: Int, name: String, up: String, down: String) {
        self.number = number
        self.name = name
        self.up = up
        self.down = down
    }

    /// Pairs files named `NNNN_name.up.sql` and `NNNN_name.down.sql`; refuses gaps, halves and other names.
    package static func list(files: [(name: String, text: String)]) throws(DatabaseError) -> [Migration] {
        var halves: [String: (up: String?, down: String?)] = [:]
        for file in files {
            if let stem = file.name.removingSuffix(".up.sql") {
                halves[stem, default: (nil, nil)].up = file.text
            } else if let stem = file.name.removingSuffix(".down.sql") {
                halves[stem, default: (nil, nil)].down = file.text
            } else {
                throw DatabaseError(.configuration, "\(file.name) is not named like a migration")
            }
        }
        var migrations: [Migration] = []
        for (stem, half) in halves.sorted(by: { $0.key < $1.key }) {
            let parts = stem.utf8.split(separator: UInt8(ascii: "_"), maxSplits: 1)
            guard parts.count == 2, parts[0].count == 4, let number = Int(Substring(parts[0])),
                number == migrations.count + 1, let up = half.up, let down = half.down
            else { throw DatabaseError(.configuration, "migration \(stem) is out of order or has no way back") }
            migrations.append(Migration(number: number, name: String(Substring(parts[1])), up: up, down: down))
        }
        return migrations
    }

    /// What the checksum is taken of: both ways, so that neither changes after it was applied.
    var frozenText: String { up + "\u{0}" + down }

    /// The single statements of a script, without comment lines.
    static func statements(of script: String) -> [String] {
        var statements: [String] = []
        var current: [UInt8] = []
        for line in script.utf8.split(separator: UInt8(ascii: "\n")) {
            let text = line.trimmingASCIISpace
            if text.isEmpty || text.starts(with: "--".utf8) { continue }
            current += line
            if text.last == UInt8(ascii: ";") {
                statements.append(String(decoding: current.trimmingASCIISpace.dropLast(), as: UTF8.self))
                current = []
            } else {
                current.append(UInt8(ascii: "\n"))
            }
        }
        if !current.isEmpty { statements.append(String(decoding: current, as: UTF8.self)) }
        return statements
    }
}

extension String {
    fileprivate func removingSuffix(_ suffix: String) -> String? {
        guard utf8.count > suffix.utf8.count, utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) else {
            return nil
        }
        return String(Substring(utf8.dropLast(suffix.utf8.count)))
    }
}

extension BidirectionalCollection<UInt8> where SubSequence: BidirectionalCollection<UInt8> {
    fileprivate var trimmingASCIISpace: [UInt8] {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0d).contains($0) }
        guard let last = lastIndex(where: { !isSpace($0) }) else { return [] }
        return Array(self[...last].drop(while: isSpace))
    }
}
