internal import ArgumentParser

/// How long a list may get, for every command that prints one.
struct ListLimit: ParsableArguments {
    @Option(name: .long, help: "Rows to print at most.")
    var limit: Int = 50

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit must be at least 1.") }
    }
}
