internal import CoreMetrics

/// Makes the handlers that swift-metrics asks for, all kept in one registry.
struct PrometheusFactory: MetricsFactory {
    let registry: MetricsRegistry

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        registry.counter(key(label, dimensions, suffix: "_total"))
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        let key = key(label, dimensions)
        return aggregate ? registry.histogram(key, isDuration: false) : registry.gauge(key)
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        registry.gauge(key(label, dimensions))
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        registry.histogram(key(label, dimensions, suffix: "_seconds"), isDuration: true)
    }

    // Handlers live as long as the process: their number is bounded by the code, which puts no foreign text in a label.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    private func key(_ label: String, _ dimensions: [(String, String)], suffix: String = "") -> MetricsRegistry.Key {
        let name = Self.name(label)
        let pairs = dimensions.map { "\(Self.name($0.0))=\"\(Self.escaped($0.1))\"" }
        return MetricsRegistry.Key(
            name: name.hasSuffix(suffix) ? name : name + suffix,
            labels: pairs.isEmpty ? "" : "{" + pairs.joined(separator: ",") + "}"
        )
    }

    /// Letters, digits and underscores; anything else becomes an underscore.
    private static func name(_ text: String) -> String {
        let bytes = text.utf8.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                byte
            default: UInt8(ascii: "_")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes += Array("\\\\".utf8)
            case UInt8(ascii: "\""): bytes += Array("\\\"".utf8)
            case UInt8(ascii: "\n"): bytes += Array("\\n".utf8)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
