internal import ArgumentParser
internal import Foundation
internal import Wire

/// Calls any method.
struct CallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Call any method of the RPC interface with JSON in and out.",
        discussion: "Example: gatehouse call UserService/FindUser '{\"email\":\"alice@example.com\"}'"
    )

    @OptionGroup var administration: AdministrationArguments

    @Argument(help: "Method: UserService/GetUser, or with its package.")
    var method: String

    @Argument(help: "Request in JSON; - reads it from standard input.")
    var request: String = "{}"

    func run() async throws {
        var text = request
        if request == "-" {
            guard let data = try FileHandle.standardInput.readToEnd(),
                let input = String(validating: data, as: UTF8.self)
            else { throw CommandFailure("Standard input is not UTF-8 text.") }
            text = input
        }
        print(try await AdministrationSession(arguments: administration).call(method, text))
    }
}

/// Lists the methods there are.
struct MethodsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "methods",
        abstract: "List the methods of the RPC interface with the scope each needs."
    )

    func run() async throws {
        let rows = MethodTable.all.map { [$0.fullName, $0.permission, $0.isReadOnly ? "reads" : "writes"] }
        print(Table(header: ["METHOD", "SCOPE", "EFFECT"], rows: rows).text)
    }
}
