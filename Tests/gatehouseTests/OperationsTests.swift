import CoreMetrics
import Foundation
import Testing

@testable import gatehouse

struct OperationsTests {
    @Test func `Metrics are exposed as Prometheus reads them`() {
        let registry = MetricsRegistry()
        let factory = PrometheusFactory(registry: registry)
        factory.makeCounter(label: "gatehouse.calls", dimensions: [("method", "a/B"), ("code", "0")]).increment(by: 3)
        factory.makeCounter(label: "gatehouse.calls", dimensions: [("method", "a/B"), ("code", "0")]).increment(by: 1)
        factory.makeRecorder(label: "depth", dimensions: [], aggregate: false).record(Int64(7))
        let timer = factory.makeTimer(label: "wait", dimensions: [])
        timer.recordNanoseconds(700_000)
        timer.recordNanoseconds(30_000_000_000)
        let text = registry.exposition()
        #expect(
            text.contains("# TYPE gatehouse_calls_total counter\ngatehouse_calls_total{method=\"a/B\",code=\"0\"} 4\n")
        )
        #expect(text.contains("# TYPE depth gauge\ndepth 7.0\n"))
        #expect(text.contains("wait_seconds_bucket{le=\"0.0005\"} 0\n"))
        #expect(text.contains("wait_seconds_bucket{le=\"0.001\"} 1\n"))
        #expect(text.contains("wait_seconds_bucket{le=\"+Inf\"} 2\n"))
        #expect(text.contains("wait_seconds_count 2\n"))
    }

    @Test func `A label cannot end its line`() {
        let registry = MetricsRegistry()
        PrometheusFactory(registry: registry)
            .makeCounter(label: "x", dimensions: [("k\"}\n", "v\"\\\r\nevil 1\u{301}")]).increment(by: 1)
        let lines = registry.exposition().split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[1].hasPrefix("x_total{k___=\"v\\\"\\\\"))
    }

    /// SECURITY LOG-05.
    @Test func `A log line stays one line whatever is in it`() {
        let hostile = "a\r\nb\u{1B}[31m\u{202E}\"q\u{301}\\ \u{0}"
        let line = LogLine(level: "info", label: "t", message: "Said", fields: [("k", hostile)], time: "T")
        for text in [line.text, line.json] {
            #expect(text.utf8.filter { $0 == 0x0A }.count == 1)
            #expect(text.hasSuffix("\n"))
            #expect(text.utf8.dropLast().allSatisfy { (0x20...0x7E).contains($0) })
        }
        #expect(line.text.hasPrefix("T info t: Said k=\"a\\u000d\\nb\\u001b[31m\\u202e\\\"q\\u0301"))
    }

    @Test func `A JSON log line reads back as what was logged`() throws {
        let hostile = "😀 \"\\\n\u{7F}é"
        let line = LogLine(level: "info", label: "t", message: "Said", fields: [("k", hostile)], time: "T")
        let object = try JSONSerialization.jsonObject(with: Data(line.json.utf8)) as? [String: String]
        #expect(object == ["time": "T", "level": "info", "label": "t", "message": "Said", "k": hostile])
    }
}

struct TerminalTests {
    @Test func `Columns line up and strangers' text cannot steer the terminal`() {
        let table = Table(header: ["ID", "NAME"], rows: [["1", "long name"], ["22", "x\u{1B}[2J\u{202E}\n"]])
        #expect(table.text == "ID  NAME\n1   long name\n22  x\u{FFFD}[2J\u{FFFD}\u{FFFD}")
    }

    @Test func `Fields show their names in one column`() {
        let list = FieldList(fields: [("id", "1"), ("state", "active")])
        #expect(list.text == "id     1\nstate  active")
    }

    @Test func `An answer in JSON is read for display`() {
        let answer = JSONAnswer(#"{"user":{"id":"1","primary":true,"count":3,"names":["a","b"]}}"#)
        #expect(answer["user"]["id"].text == "1")
        #expect(answer["user"]["primary"].text == "yes")
        #expect(answer["user"]["count"].text == "3")
        #expect(answer["user"]["names"].elements.map(\.text) == ["a", "b"])
        #expect(!answer["user"]["missing"].isPresent)
        #expect(answer["user"]["missing"]["deeper"].text == "")
    }

    @Test func `Enum names become words`() {
        #expect(UserDisplay.word("USER_STATE_PENDING_DELETION", after: "USER_STATE_") == "pending deletion")
        #expect(UserDisplay.word("OTHER", after: "USER_STATE_") == "other")
    }
}
