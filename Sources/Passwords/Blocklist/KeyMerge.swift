/// Several ascending runs as one, by a heap of their next keys.
struct KeyMerge {
    private struct Head {
        var key: BlocklistKey
        var run: Int
    }

    private var runs: [KeyRunReader]
    private var heap: [Head] = []

    init(_ files: [BlocklistDescriptor]) throws(BlocklistError) {
        runs = files.map(KeyRunReader.init)
        for run in runs.indices {
            if let key = try runs[run].next() { heap.append(Head(key: key, run: run)) }
        }
        for place in heap.indices.reversed() { sink(from: place) }
    }

    /// The least key that is left.
    mutating func next() throws(BlocklistError) -> BlocklistKey? {
        guard let least = heap.first else { return nil }
        if let key = try runs[least.run].next() {
            heap[0].key = key
        } else {
            heap[0] = heap[heap.count - 1]
            heap.removeLast()
        }
        sink(from: 0)
        return least.key
    }

    private mutating func sink(from start: Int) {
        var place = start
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child].key < heap[least].key {
                least = child
            }
            guard least != place else { return }
            heap.swapAt(place, least)
            place = least
        }
    }
}
