internal import Identity
internal import OpenIDConnect

/// The pictures on the buttons of providers: one for each preset, and one for any provider that the operator draws one for,
/// as `Static/provider-NAME.svg`.
struct ProviderMarks: Sendable {
    private let marks: [String: StaticFile]

    init(_ files: SiteFiles) throws {
        var marks: [String: StaticFile] = [:]
        for path in files.paths where path.hasPrefix(SiteFiles.providerMarks) && path.hasSuffix(".svg") {
            let name = String(path.dropFirst("Static/".utf8.count))
            marks[name] = try StaticFile(name: name, bytes: files.bytes(path))
        }
        self.marks = marks
        for preset in ProviderPreset.allCases { _ = try files.bytes("Static/" + Self.fileName(preset.rawValue)) }
    }

    /// All of them, to be served.
    var files: [StaticFile] { Array(marks.values) }

    /// The address of a provider's own mark, else of its preset's.
    func path(of provider: ProviderButton) -> String {
        let mark = marks[Self.fileName(provider.name)] ?? marks[Self.fileName(provider.preset.rawValue)]
        return mark?.path ?? ""
    }

    private static func fileName(_ name: String) -> String { "provider-\(name).svg" }
}
