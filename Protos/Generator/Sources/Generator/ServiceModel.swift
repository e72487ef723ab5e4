import SwiftProtobufPluginLibrary

/// One service and the Swift that stands for it: descriptors, handler protocol, client stub.
struct ServiceModel {
    struct Method {
        let descriptor: MethodDescriptor
        let rules: MethodRules
        let comment: Comment

        var name: String { Naming.member(descriptor.name) }
        var request: String { Naming.type(fullName: descriptor.inputType.fullName, name: descriptor.inputType.name) }
        var response: String { Naming.type(fullName: descriptor.outputType.fullName, name: descriptor.outputType.name) }
        var documentation: [String] { comment.documentation(otherwise: descriptor.name) }
    }

    let descriptor: ServiceDescriptor
    let methods: [Method]
    private let documentation: [String]

    init(_ descriptor: ServiceDescriptor) throws {
        self.descriptor = descriptor
        documentation = Comment(descriptor.protoSourceComments(commentPrefix: ""))
            .documentation(otherwise: descriptor.name)
        methods = try descriptor.methods.map { method in
            guard !method.clientStreaming else {
                throw SchemaError("\(method.fullName): client streams have no Swift form yet")
            }
            let comment = Comment(method.protoSourceComments(commentPrefix: ""))
            return Method(descriptor: method, rules: try MethodRules(method), comment: comment)
        }
    }

    var name: String { descriptor.name }

    func render() -> [OutputFile] {
        [file("Methods", methodLines), file("Handler", handlerLines), file("Client", clientLines)]
    }

    private func file(_ part: String, _ lines: [String]) -> OutputFile {
        let text = ([MessageModel.banner(descriptor.file), ""] + lines).joined(separator: "\n") + "\n"
        return OutputFile(path: "Services/\(name)\(part).swift", text: text)
    }

    private var methodLines: [String] {
        let entries = methods.flatMap { method -> [String] in
            let rules = method.rules
            return method.documentation + [
                "package static let \(method.name) = MethodDescriptor(",
                "service: \"\(descriptor.fullName)\", name: \"\(method.descriptor.name)\",",
                "permission: \"\(rules.permission)\",",
                "userAccess: .\(rules.userAccess == 1 ? "own" : "none"), stepUp: .\(rules.stepUp == 2 ? "fresh" : "none"),",
                "maximumRequestBytes: \(rules.maximumRequestBytes),",
                "kind: .\(method.descriptor.serverStreaming ? "serverStreaming" : "unary"), isReadOnly: \(rules.isReadOnly),",
                "requestType: \"\(method.descriptor.inputType.fullName)\",",
                "responseType: \"\(method.descriptor.outputType.fullName)\")",
            ]
        }
        let all = methods.map(\.name).joined(separator: ", ")
        return ["extension MethodTable {"] + documentation + ["package enum \(name) {"] + entries
            + ["", "/// Its methods in the order of their declaration.", "package static let all = [\(all)]", "}", "}"]
    }

    private var handlerLines: [String] {
        let requirements = methods.flatMap { method -> [String] in
            let start = "func \(method.name)(_ request: \(method.request), context: Context"
            let end =
                method.descriptor.serverStreaming
                ? ", send: @escaping @Sendable (\(method.response)) async throws -> Void) async throws"
                : ") async throws -> \(method.response)"
            return method.documentation + [start + end]
        }
        let registrations = methods.flatMap { method -> [String] in
            let label = method.descriptor.serverStreaming ? "serverStreaming" : "unary"
            let parameters = method.descriptor.serverStreaming ? "request, context, send" : "request, context"
            let types =
                method.descriptor.serverStreaming
                ? "(request: \(method.request), context: Context, send: @escaping @Sendable (\(method.response)) async throws -> Void)"
                : "(request: \(method.request), context: Context)"
            let call = method.descriptor.serverStreaming ? "context: context, send: send" : "context: context"
            _ = parameters
            return [
                "registry.register(\(label): MethodTable.\(name).\(method.name)) { \(types) in",
                "try await self.\(method.name)(request, \(call))", "}",
            ]
        }
        return documentation + [
            "package protocol \(name)Handler: Sendable {", "/// What the server knows about the call.",
            "associatedtype Context: Sendable",
        ] + requirements + [
            "}", "", "extension \(name)Handler {", "/// Registers every method of the service.",
            "package func register(into registry: inout some MethodRegistry<Context>) {",
        ] + registrations + ["}", "}"]
    }

    private var clientLines: [String] {
        let calls = methods.flatMap { method -> [String] in
            let target = "MethodTable.\(name).\(method.name)"
            let start = "package func \(method.name)(_ request: \(method.request), options: CallOptions = CallOptions()"
            guard method.descriptor.serverStreaming else {
                return method.documentation + [
                    start + ") async throws -> \(method.response) {",
                    "try await caller.call(\(target), request, options: options)", "}",
                ]
            }
            return method.documentation + [
                start + ", onItem: (\(method.response)) async throws -> Void) async throws {",
                "try await caller.stream(\(target), request, options: options, onItem: onItem)", "}",
            ]
        }
        return documentation + [
            "package struct \(name)Client<Caller: RPCCaller>: Sendable {", "private let caller: Caller", "",
            "/// Calls through `caller`.", "package init(_ caller: Caller) {", "self.caller = caller", "}",
        ] + calls + ["}"]
    }
}
