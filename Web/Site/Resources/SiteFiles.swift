internal import FoundationEssentials

/// The files of `Web/`: those in the binary, each replaced by the one of the same name in the operator's directory.
struct SiteFiles: Sendable {
    /// Content by path, such as `Templates/head.mustache`.
    private let contents: [String: [UInt8]]

    /// - Parameter directory: Replacements, laid out like `Web/`; further locales and marks of providers are taken, other
    ///   unknown files not.
    /// - Throws: A sentence naming the file that cannot be used.
    init(directory: String? = nil) throws {
        var contents = Self.embedded
        guard let directory else {
            self.contents = contents
            return
        }
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory else {
            throw SiteFileProblem(path: directory, reason: "is no directory")
        }
        let further =
            Self.paths(in: "Locales/", of: directory).filter { $0.hasSuffix(".json") }
            + Self.paths(in: "Static/", of: directory).filter {
                $0.hasPrefix(Self.providerMarks) && $0.hasSuffix(".svg")
            }
        for path in Set(contents.keys).union(further) {
            let full = directory + "/" + path
            guard FileManager.default.fileExists(atPath: full) else { continue }
            guard let data = FileManager.default.contents(atPath: full), data.count <= Self.maximumSize else {
                throw SiteFileProblem(path: full, reason: "cannot be read, or is larger than 1 MiB")
            }
            contents[path] = Array(data)
        }
        self.contents = contents
    }

    /// How the paths of the pictures of providers begin.
    static let providerMarks = "Static/provider-"

    private static func paths(in folder: String, of directory: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: directory + "/" + folder)
        return (names ?? []).map { folder + $0 }
    }

    private static let maximumSize = 1 << 20

    /// The paths of all files.
    var paths: [String] { Array(contents.keys) }

    /// The content of a file that this program knows.
    func bytes(_ path: String) throws -> [UInt8] {
        guard let bytes = contents[path] else { throw SiteFileProblem(path: path, reason: "is missing") }
        return bytes
    }

    /// All files in a folder with an ending, by their names without both, as text.
    func texts(in folder: String, ending: String) throws -> [String: String] {
        var found: [String: String] = [:]
        for (path, bytes) in contents where path.hasPrefix(folder + "/") && path.hasSuffix(ending) {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw SiteFileProblem(path: path, reason: "is not UTF-8")
            }
            found[String(path.dropFirst(folder.count + 1).dropLast(ending.count))] = text
        }
        return found
    }
}

/// Why a file of the site is not taken.
struct SiteFileProblem: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "\(path) \(reason)" }
}
