internal import ArgumentParser
internal import Foundation
internal import InternationalNames
internal import Passwords

/// Lists of passwords that nobody may choose.
struct BlocklistCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blocklist",
        abstract: "Build lists of passwords that nobody may choose, and look into them.",
        subcommands: [Build.self, Show.self, Check.self]
    )

    struct Build: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Build one compact file of lists of any length.",
            discussion: """
                Lists of hashes hold a SHA-1 hash in hexadecimal a line, with `:COUNT` after it or not, sorted or not; \
                lists of words hold a password in clear a line. The file is put in its place when it is whole. Name it \
                in passwords.blocklist-files and restart the server.
                """
        )
        @Option(name: .long, help: "A list of SHA-1 hashes; may be given several times.", completion: .file())
        var hashes: [String] = []
        @Option(name: .long, help: "A list of passwords in clear; may be given several times.", completion: .file())
        var words: [String] = []
        @Option(name: .long, help: "Take only hashes that were seen so often.")
        var minimumCount: Int = 1
        @Argument(help: "The file to write.", completion: .file())
        var output: String

        func validate() throws {
            guard !hashes.isEmpty || !words.isEmpty else { throw ValidationError("Give --hashes or --words.") }
            guard minimumCount >= 1 else { throw ValidationError("--minimum-count must be at least 1.") }
        }

        func run() async throws {
            var builder = BlocklistBuilder()
            builder.minimumOccurrences = minimumCount
            let sources =
                hashes.map { BlocklistSource(path: $0, kind: .hashes) }
                + words.map { BlocklistSource(path: $0, kind: .passwords) }
            var line = ProgressLine()
            do {
                let summary = try builder.build(from: sources, to: output) { progress in
                    line.show(progress.sentence)
                }
                line.clear()
                print(
                    "\(output) holds \(summary.keys) passwords; \(summary.duplicates) lines said what others had said, "
                        + "\(summary.skipped) stood for none."
                )
            } catch {
                line.clear()
                throw CommandFailure("No list was built: \(error).")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Read a whole list, and say how much it holds.")
        @Argument(help: "A file that `build` made.", completion: .file())
        var file: String

        func run() async throws {
            do {
                let list = try Blocklist(path: file)
                try list.verify()
                print("\(file) is whole and holds \(list.count) passwords.")
            } catch {
                throw CommandFailure("\(error).")
            }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whether a password, read from standard input, is on a list.",
            discussion: "The password is not shown while it is typed. Exit status 3: it is on the list."
        )
        @Argument(help: "A file that `build` made.", completion: .file())
        var file: String

        func run() async throws {
            let typed = try SecretInput.line(prompt: "Password: ")
            let password: OpaqueString
            do {
                password = try OpaqueString(typed)
            } catch {
                throw CommandFailure("No password can be that: it is empty, too long, or holds control characters.")
            }
            let isListed: Bool
            do {
                isListed = try Blocklist(path: file).contains(password)
            } catch {
                throw CommandFailure("\(error).")
            }
            print(isListed ? "It is on the list." : "It is not on the list.")
            if isListed { throw ExitCode(3) }
        }
    }
}

extension BlocklistBuilder.Progress {
    fileprivate var sentence: String {
        let percent = bytesTotal > 0 ? min(100, bytesRead * 100 / bytesTotal) : 100
        return percent < 100 ? "Reading: \(percent) %" : "Writing: \(keysWritten) passwords"
    }
}
