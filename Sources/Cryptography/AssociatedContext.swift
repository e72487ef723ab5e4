/// Where a sealed value stands; bound to it, so that it opens nowhere else (SECURITY KEY-01).
package struct AssociatedContext: Sendable {
    let bytes: [UInt8]

    /// - Parameters:
    ///   - table: Name of the table.
    ///   - row: Primary key of the row.
    ///   - column: Name of the column.
    package init(table: StaticString, row: some Collection<UInt8>, column: StaticString) {
        var bytes: [UInt8] = []
        for part in [Array("\(table)".utf8), Array(row), Array("\(column)".utf8)] {
            let count = UInt32(clamping: part.count)
            // A length before each part: no two contexts have one encoding.
            bytes += [UInt8(truncatingIfNeeded: count >> 24), UInt8(truncatingIfNeeded: count >> 16)]
            bytes += [UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
            bytes += part
        }
        self.bytes = bytes
    }
}
