/// Collects who has which gram in which field, for the rows of a run.
struct TextPostingsBuilder {
    /// Field, gram and place in one number each, so that sorting them puts the rows in order.
    private var entries: [UInt64] = []
    private var fields: [TextField] = []
    private var indexes: [TextField: UInt64] = [:]

    /// Adds the grams of a text; places are below 65,536, and fields few.
    mutating func add(_ key: [UInt8], of field: TextField, at place: Int) {
        let index = index(of: field)
        TextGram.forEach(ofWhole: key) { gram in
            entries.append(index << 40 | UInt64(gram.number) << 16 | UInt64(UInt16(clamping: place)))
        }
    }

    private mutating func index(of field: TextField) -> UInt64 {
        if let index = indexes[field] { return index }
        let index = UInt64(fields.count)
        fields.append(field)
        indexes[field] = index
        return index
    }

    /// The rows of a run, in the order of their key but for the fields.
    consuming func rows(of segment: UInt32) -> [InsertTextPosting] {
        entries.sort()
        var rows: [InsertTextPosting] = []
        var places: [UInt16] = []
        for (index, entry) in entries.enumerated() {
            let place = UInt16(truncatingIfNeeded: entry)
            // A text may have a gram several times.
            if places.last != place { places.append(place) }
            guard index + 1 == entries.count || entries[index + 1] >> 16 != entry >> 16 else { continue }
            let row = InsertTextPosting(
                segment: segment,
                field: fields[Int(entry >> 40)],
                gram: TextGram(number: UInt32(entry >> 16 & 0xFF_FFFF)),
                places: TextPlaces.encode(places)
            )
            rows.append(row)
            places.removeAll(keepingCapacity: true)
        }
        return rows
    }
}
