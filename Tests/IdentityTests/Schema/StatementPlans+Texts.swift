import MariaDB

@testable import Identity

extension PlannedStatement {
    /// The index of parts of texts.
    static var ofTexts: [PlannedStatement] {
        let (first, last) = (PlanFilling.userID(100), PlanFilling.userID(160))
        let changes = (0..<20).map { number in
            let id = PlanFilling.userID(number * 9 + 1)
            return TextChange(owner: id, change: TextChangeID(exactly: id.bytes))
        }
        let needle = TextNeedle(field: .attribute(3), grams: TextGram.ofPart(Array("user 1".utf8)))
        return [
            PlannedStatement(ListTextChanges(first: first, last: .greatest, limit: 51)),
            PlannedStatement(DeleteTextChanges(changes: changes[...])),
            PlannedStatement(TextSegmentOf(user: first)), PlannedStatement(ListTextSegments(after: first, limit: 9)),
            PlannedStatement(TextOwners(keys: [3, 99, 7, 1001])),
            PlannedStatement(TextPostings(segments: [3, 99, 7, 1001], needle: needle)),
            PlannedStatement(TextPostingSizes(segment: 7, needle: needle)),
            PlannedStatement(UsersToPack(first: first, last: last, limit: 4096)),
            PlannedStatement(NamesToPack(first: first, last: last)),
            PlannedStatement(ValuesToPack(first: first, last: last)), PlannedStatement(LastTextSegment()),
            PlannedStatement(CountTextOwners(first: first)),
            PlannedStatement(UpdateTextOwners(first: first, owners: [])),
            PlannedStatement(DeleteTextPostings(segment: 7)),
        ]
    }
}
