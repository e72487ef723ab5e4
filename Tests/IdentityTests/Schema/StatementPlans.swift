import MariaDB

@testable import Identity

/// A statement whose plan is looked at on a filled database.
///
/// Every list and lookup statement of the target belongs in `all`; each feature adds its own in an extension or here.
struct PlannedStatement: Sendable {
    let name: String
    let explain: @Sendable (Transaction) throws -> [PlanStep]

    init<S: Statement>(_ statement: S) {
        name = "\(S.self)"
        explain = { try $0.all(Explanation(statement: statement)) }
    }

    init<P: PointRead>(_ read: P.Type, keys: [P.Key]) {
        name = "\(P.self)"
        explain = { try $0.all(PointExplanation<P>(keys: keys)) }
    }
}

/// One table of a plan.
struct PlanStep: Sendable {
    let table: String?
    /// `ALL` is a full scan.
    let access: String?
    let key: String?
    let extra: String?

    init(from columns: inout Columns) throws(DatabaseError) {
        _ = try columns.nextOptional(Int64.self)
        _ = try columns.nextOptional(String.self)
        table = try columns.nextOptional(String.self)
        access = try columns.nextOptional(String.self)
        _ = try columns.nextOptional(String.self)
        key = try columns.nextOptional(String.self)
        _ = try columns.nextOptional(String.self)
        _ = try columns.nextOptional(String.self)
        _ = try columns.nextOptional(String.self)
        extra = try columns.nextOptional(String.self)
    }

    /// Whether all rows of a table are read, or sorted outside of an index.
    var isSlow: Bool {
        access == "ALL" || (access == "index" && key != nil) || extra?.contains("filesort") == true
            || extra?.contains("temporary") == true
    }
}

private struct Explanation<S: Statement>: Statement {
    let statement: S
    static var sql: SQL { "SELECT 0" }
    var preparedSQL: SQL { SQL(unsafeSQL: "EXPLAIN " + statement.preparedSQL.text) }
    func bind(to parameters: inout Parameters) { statement.bind(to: &parameters) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> PlanStep { try PlanStep(from: &columns) }
}

private struct PointExplanation<P: PointRead>: Statement {
    let keys: [P.Key]
    static var sql: SQL { "SELECT 0" }
    var preparedSQL: SQL {
        let marks = Array(repeating: "?", count: keys.count).joined(separator: ",")
        return SQL(unsafeSQL: "EXPLAIN " + P.selectIn.text + " (" + marks + ") " + P.suffix.text)
    }
    func bind(to parameters: inout Parameters) { for key in keys { parameters.append(key) } }
    static func row(from columns: inout Columns) throws(DatabaseError) -> PlanStep { try PlanStep(from: &columns) }
}
