/// A first-in-first-out list from whose middle an element can be taken in constant time; its memory is used again.
struct SlotList<Element> {
    struct Slot {
        var element: Element?
        var previous: Int
        var next: Int
    }

    private var slots: [Slot] = []
    private var free: [Int] = []
    private var head = -1
    private var tail = -1
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// Appends at the end; returns the place to give to `remove`.
    mutating func append(_ element: Element) -> Int {
        let slot = Slot(element: element, previous: tail, next: -1)
        let place: Int
        if let reused = free.popLast() {
            place = reused
            slots[place] = slot
        } else {
            place = slots.count
            slots.append(slot)
        }
        if tail >= 0 { slots[tail].next = place } else { head = place }
        tail = place
        count += 1
        return place
    }

    mutating func popFirst() -> Element? {
        head >= 0 ? remove(at: head) : nil
    }

    /// Takes the element at a place that `append` gave and that was not removed since.
    mutating func remove(at place: Int) -> Element? {
        guard let element = slots[place].element else { return nil }
        let (previous, next) = (slots[place].previous, slots[place].next)
        if previous >= 0 { slots[previous].next = next } else { head = next }
        if next >= 0 { slots[next].previous = previous } else { tail = previous }
        slots[place].element = nil
        free.append(place)
        count -= 1
        return element
    }

    /// The elements from first to last.
    func visit(_ body: (Element) -> Void) {
        var place = head
        while place >= 0 {
            if let element = slots[place].element { body(element) }
            place = slots[place].next
        }
    }
}

extension SlotList: Sendable where Element: Sendable {}
extension SlotList.Slot: Sendable where Element: Sendable {}
