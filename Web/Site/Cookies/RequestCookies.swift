/// The cookies of ours that came with a request.
struct RequestCookies: Sendable {
    private var values: [SiteCookie: String] = [:]

    /// Reads all `Cookie` headers; refuses one that names a cookie of ours twice, for one of the two was put there by
    /// somebody else (SECURITY SE-03, WEB-11).
    init(headers: [String]) throws(PageRefusal) {
        for header in headers {
            for pair in header.utf8.split(separator: UInt8(ascii: ";")) {
                let trimmed = pair.drop { $0 == 0x20 || $0 == 0x09 }
                guard let equals = trimmed.firstIndex(of: UInt8(ascii: "=")) else { continue }
                let name = String(decoding: trimmed[..<equals], as: UTF8.self)
                guard let cookie = SiteCookie.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name.utf8) })
                else { continue }
                guard values[cookie] == nil else { throw .badRequest }
                values[cookie] = String(decoding: trimmed[trimmed.index(after: equals)...], as: UTF8.self)
            }
        }
    }

    init() {}

    /// The value of a cookie; nil when it is missing, empty, longer than ours are, or not of their alphabet.
    subscript(_ cookie: SiteCookie) -> String? {
        guard let value = values[cookie], (1...4000).contains(value.utf8.count), value.utf8.allSatisfy(Self.isOurs)
        else {
            return nil
        }
        return value
    }

    private static func isOurs(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
