/// A statement of which several run in one trip, each only if a condition holds after the one before.
package protocol ChainedStatement: Statement {
    /// The condition, such as `(SELECT is_open FROM doors WHERE id = ?)`.
    static var condition: SQL { get }
    /// Appends the parameters of the condition that is asked after this statement.
    func bindCondition(to parameters: inout Parameters)
}

/// Several statements of one kind, in their order, as far as their condition holds; the rows of those that ran.
package struct Chain<Link: ChainedStatement>: Statement {
    package static var sql: SQL { Link.sql }

    let links: [Link]

    /// Takes the statements, one at least.
    package init(_ links: [Link]) {
        self.links = links
    }

    package var isCompound: Bool { links.count > 1 }

    package var preparedSQL: SQL {
        guard links.count > 1 else { return Link.sql }
        let condition = ";\nIF " + Link.condition.text + " THEN "
        let more = String(repeating: condition + Link.sql.text, count: links.count - 1)
        return SQL(unsafeSQL: Link.sql.text + more + String(repeating: ";\nEND IF", count: links.count - 1))
    }

    package func bind(to parameters: inout Parameters) {
        for (index, link) in links.enumerated() {
            if index > 0 { links[index - 1].bindCondition(to: &parameters) }
            link.bind(to: &parameters)
        }
    }

    package static func row(from columns: inout Columns) throws(DatabaseError) -> Link.Row {
        try Link.row(from: &columns)
    }
}
