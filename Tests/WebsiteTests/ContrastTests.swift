import Foundation
import Testing

@testable import Website

/// The colours of the styles, measured (WCAG 2.2, success criteria 1.4.3 and 1.4.11).
struct ContrastTests {
    /// Colours by name, as the two `:root` blocks set them.
    private static func schemes() throws -> [[String: String]] {
        let styles = String(decoding: try #require(SiteFiles.embedded["Static/site.css"]), as: UTF8.self)
        let blocks = styles.matches(of: #/:root \{([^}]*)\}/#).map(\.1)
        let light = Dictionary(uniqueKeysWithValues: colours(in: try #require(blocks.first)))
        let dark = Dictionary(uniqueKeysWithValues: colours(in: try #require(blocks.last)))
        #expect(blocks.count == 2 && light.count >= 10 && Set(light.keys) == Set(dark.keys))
        return [light, dark]
    }

    private static func colours(in block: Substring) -> [(String, String)] {
        block.matches(of: #/--([a-z-]+): #([0-9a-f]{6});/#).map { (String($0.1), String($0.2)) }
    }

    /// Relative luminance of a colour written in six hexadecimal digits.
    private static func luminance(_ colour: String) throws -> Double {
        let number = try #require(Int(colour, radix: 16))
        let parts = [16, 8, 0].map { shift in
            let value = Double((number >> shift) & 0xFF) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    private static func contrast(_ one: String, _ other: String) throws -> Double {
        let values = try [luminance(one), luminance(other)].sorted()
        return (values[1] + 0.05) / (values[0] + 0.05)
    }

    @Test
    func `The measure knows black on white and a colour on itself`() throws {
        #expect(try abs(Self.contrast("000000", "ffffff") - 21) < 0.001)
        #expect(try Self.contrast("17535b", "17535b") == 1)
    }

    @Test(arguments: [
        ("text", "page", 4.5), ("text", "surface", 4.5), ("muted", "page", 4.5), ("muted", "surface", 4.5),
        ("link", "page", 4.5), ("link", "surface", 4.5), ("on-accent", "accent", 4.5),
        ("on-accent", "accent-strong", 4.5), ("problem", "surface", 4.5), ("problem", "page", 4.5),
        ("problem", "problem-surface", 4.5), ("done", "done-surface", 4.5),
        ("field-line", "surface", 3), ("field-line", "page", 3), ("focus", "page", 3), ("focus", "surface", 3),
    ])
    func `Text and the outlines of controls can be told from what is behind them`(
        front: String,
        back: String,
        least: Double
    ) throws {
        for scheme in try Self.schemes() {
            let ratio = try Self.contrast(try #require(scheme[front]), try #require(scheme[back]))
            #expect(ratio >= least, "\(front) on \(back): \(ratio)")
        }
    }
}
