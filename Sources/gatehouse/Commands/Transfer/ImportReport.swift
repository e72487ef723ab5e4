internal import Foundation
internal import Wire

/// Tells how an import goes, and what became of it.
struct ImportReport {
    /// Lines that fail in a row of thousands are told in the file of results; the terminal shows the first.
    private static let shownFailures = 50

    private let results: FileHandle?
    private let json: Bool
    private let began = ContinuousClock.now
    private var progress = ProgressLine()
    private var counts: [ImportOutcome: Int] = [:]
    /// What users whose results are awaited are called elsewhere.
    private var names: [UInt64: String] = [:]

    /// Begins a file of results, where one is wanted.
    init(results path: String?, json: Bool) throws {
        self.json = json
        guard let path else {
            results = nil
            return
        }
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw CommandFailure("\(path) cannot be written.") }
        results = handle
    }

    var failed: Int { counts[.failed] ?? 0 }

    private var total: Int { counts.values.reduce(0, +) }

    /// Remembers by what a row is told, beside its number.
    mutating func expect(_ number: UInt64, _ name: String) { names[number] = name }

    mutating func add(_ found: [ImportResult]) {
        for result in found {
            counts[result.outcome, default: 0] += 1
            let name = names.removeValue(forKey: result.number)
            if result.outcome == .failed, failed <= Self.shownFailures { tell(result, name) }
        }
        guard let results else { return }
        let lines = found.compactMap { try? JSONTranscoder.encode($0.encoded(), as: ImportResult.fullName) + "\n" }
        try? results.write(contentsOf: Data(lines.joined().utf8))
    }

    private mutating func tell(_ result: ImportResult, _ name: String?) {
        progress.clear()
        let row = "line \(result.number)" + (name.map { " (\($0))" } ?? "")
        for problem in result.problems {
            let field = problem.field.isEmpty ? "" : "\(problem.field): "
            write("\(row): \(field)\(problem.description) (\(problem.reason))\n")
        }
        if failed == Self.shownFailures {
            write("… further lines that fail are only counted\(results == nil ? "; --results keeps all" : "").\n")
        }
    }

    /// How far it is: what part of the file, how fast, and how long it still takes.
    mutating func show(position: UInt64, size: UInt64?) {
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        let rate = seconds > 0 ? Double(total) / seconds : 0
        let rows = "\(total) rows, \(Int(rate)) a second"
        guard let size, size > 0, position > 0 else { return progress.show("Importing: \(rows)") }
        let part = min(1, Double(position) / Double(size))
        let left = Int((seconds / part - seconds).rounded(.up))
        progress.show("Importing: \(Int(part * 100)) %, \(rows), \(left / 60) min \(left % 60) s left")
    }

    /// Tells the outcome, in a sentence or as JSON.
    mutating func end(isComplete: Bool, isDryRun: Bool) {
        progress.clear()
        let outcomes: [(ImportOutcome, String)] = [
            (.created, "created"), (.overwritten, "overwritten"), (.unchanged, "unchanged"), (.skipped, "skipped"),
            (.failed, "failed"),
        ]
        if json {
            let members = outcomes.map { "\"\($0.1)\":\(counts[$0.0] ?? 0)" }.joined(separator: ",")
            print("{\(members),\"complete\":\(isComplete),\"dryRun\":\(isDryRun)}")
            return
        }
        let seconds = max(0.001, (ContinuousClock.now - began) / .seconds(1))
        let told = outcomes.compactMap { outcome, word in counts[outcome].map { "\($0) \(word)" } }
        let sum = told.isEmpty ? "no rows" : told.joined(separator: ", ")
        let time = String(format: "%.1f s, %.0f rows a second", seconds, Double(total) / seconds)
        print("\(isDryRun ? "Dry run, nothing was written" : "Imported"): \(sum) (\(time)).")
        guard !isComplete else { return }
        write("It did not come to its end. Run the same command again: lines that are in are left as they are.\n")
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
