internal import Glibc

/// A list of common passwords that a package of Debian carries, so that none has to be kept here.
package enum PackagedWordList: String, Sendable, CaseIterable {
    /// About 3,500, the most common first.
    case john = "/usr/share/john/password.lst"
    /// About 54,000 words that guessing begins with.
    case cracklib = "/usr/share/dict/cracklib-small"

    /// Where the package puts it.
    package var path: String { rawValue }

    /// The package that carries it.
    package var package: String {
        switch self {
        case .john: "john-data"
        case .cracklib: "cracklib-runtime"
        }
    }

    /// Whether the package is there.
    package var isInstalled: Bool { unsafe access(path, R_OK) == 0 }

    /// The list as a source to build from.
    package var source: BlocklistSource { BlocklistSource(path: path, kind: .passwords) }
}
