/// Statements about accounts and databases, which commit by themselves and so are no unit of work.
package enum DatabaseAdministration {
    /// Runs statements one after the other on a connection of their own; blocks until they are done.
    ///
    /// - Parameters:
    ///   - statements: Literals; each takes effect at once.
    ///   - configuration: Where to run them, and as whom.
    /// - Throws: What the connection or the first statement that fails is refused with.
    package static func run(_ statements: [SQL], on configuration: DatabaseConfiguration) throws(DatabaseError) {
        let connection = try Connection.openAny(configuration)
        for statement in statements { try connection.execute(text: statement.text) }
    }
}
