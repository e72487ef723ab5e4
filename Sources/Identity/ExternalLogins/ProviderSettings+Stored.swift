import Foundation
import OpenIDConnect

extension ProviderSettings {
    /// As the database has them.
    var storedText: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Reads what `storedText` wrote; nil for anything else.
    init?(storedText: String) {
        guard let settings = try? JSONDecoder().decode(Self.self, from: Data(storedText.utf8)) else { return nil }
        self = settings
    }
}
