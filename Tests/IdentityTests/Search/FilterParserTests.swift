import JSON
import Testing

@testable import Identity

@Suite struct FilterParserTests {
    @Test func `and binds closer than or, and not closer than both`() throws {
        let a = Filter.compare(try path("a"), .equal, .number("1"))
        let b = Filter.compare(try path("b"), .startsWith, .string("x y)"))
        let c = Filter.present(try path("c.d"))
        #expect(try Filter(#"a eq 1 or b sw "x y)" and c.d pr"#) == .or([a, .and([b, c])]))
        #expect(try Filter(#"(a eq 1 or b sw "x y)") and c.d pr"#) == .and([.or([a, b]), c]))
        #expect(try Filter(#"not (a eq 1) AND c.d PR"#) == .and([.not(a), c]))
        #expect(try Filter(#"NOT(a EQ 1 or c.d pr)"#) == .not(.or([a, c])))
    }

    @Test func `an element of a list is asked for in brackets`() throws {
        let floor = Filter.compare(try path("floor"), .greaterOrEqual, .number("-2"))
        let lamp = Filter.present(try path("lamp"))
        #expect(try Filter("desks[floor ge -2 and lamp pr]") == .element(try path("desks"), .and([floor, lamp])))
    }

    @Test(arguments: [
        (#"a eq "\u00e9\"\\""#, JSONValue.string("é\"\\")), ("a eq true", .bool(true)), ("a eq null", .null),
        ("a eq 1.50", .number("1.50")), ("a eq -1e3", .number("-1e3")),
    ])
    func `values are JSON`(_ text: String, _ value: JSONValue) throws {
        #expect(try Filter(text) == .compare(try path("a"), .equal, value))
    }

    @Test(arguments: [
        "", " ", "a", "a eq", "a xx 1", "a eq [1]", "a eq {}", "a eq 'x'", #"a eq "x"#, #"a eq "x\"#, "a eq 1 and",
        "(a eq 1", "a eq 1)", "not a eq 1", "a[b eq 1", "a..b pr", "9 pr", "a eq 1 b eq 2", "urn:x:a pr", "a eq 1;--",
        "a\u{0} pr", "é pr", "a eq +1", "a eq 01", #"a eq "\ud800""#,
    ])
    func `what is no filter is refused with a place in it`(_ text: String) {
        let refusal = #expect(throws: Filter.Refusal.self) { try Filter(text) }
        #expect((0...text.utf8.count).contains(refusal?.offset ?? -1))
    }

    @Test func `length, comparisons and depth have an end`() throws {
        func many(_ count: Int) -> String { [String](repeating: "a pr", count: count).joined(separator: " or ") }
        func deep(_ count: Int) -> String {
            String(repeating: "(", count: count) + "a pr" + String(repeating: ")", count: count)
        }
        _ = try Filter(many(30))
        #expect(throws: Filter.Refusal.self) { try Filter(many(31)) }
        _ = try Filter(deep(10))
        #expect(throws: Filter.Refusal.self) { try Filter(deep(11)) }
        #expect(throws: Filter.Refusal.self) { try Filter(String(repeating: "(", count: 100_000)) }
        #expect(throws: Filter.Refusal.self) { try Filter(#"a eq "\#(String(repeating: "x", count: 4000))""#) }
    }

    @Test func `any bytes are read or refused`() {
        var random = SeededGenerator(seed: 7)
        let pieces = [
            "a", "b.c", " ", "eq", "pr", "and", "or", "not", "(", ")", "[", "]", "\"", "\\", "1", "é", "\u{0}",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0..<14, using: &random)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }
            _ = try? Filter(text.joined(separator: Bool.random(using: &random) ? " " : ""))
        }
    }
}
