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

        var takesStream: Bool { descriptor.clientStreaming }
        var sendsStream: Bool { descriptor.serverStreaming }
        /// A case of the method descriptor's kind.
        var kind: String {
            switch (takesStream, sendsStream) {
            case (false, false): "unary"
            case (false, true): "serverStreaming"
            case (true, false): "clientStreaming"
            case (true, true): "bidirectionalStreaming"
            }
        }
        /// What a handler takes, and its name there.
        var input: String { takesStream ? "requests" : "request" }
        var inputType: String { takesStream ? "RequestStream<\(request)>" : request }
        /// The function by which a handler answers a stream.
        var sendParameter: String {
            sendsStream ? ", send: @escaping @Sendable (\(response)) async throws -> Void" : ""
        }
    }

    let descriptor: ServiceDescriptor
    let methods: [Method]
    private let documentation: [String]

    init(_ descriptor: ServiceDescriptor) throws {
        self.descriptor = descriptor
        documentation = Comment(descriptor.protoSourceComments(commentPrefix: ""))
            .documentation(otherwise: descriptor.name)
        methods = try descriptor.methods.map { method in
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
                "kind: .\(method.kind), isReadOnly: \(rules.isReadOnly),",
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
            let answer = method.sendsStream ? "" : " -> \(method.response)"
            let parameters = "(_ \(method.input): \(method.inputType), context: Context\(method.sendParameter))"
            return method.documentation + ["func \(method.name)\(parameters) async throws\(answer)"]
        }
        let registrations = methods.flatMap { method -> [String] in
            let parameters = "(\(method.input): \(method.inputType), context: Context\(method.sendParameter))"
            let arguments = "(\(method.input), context: context\(method.sendsStream ? ", send: send" : ""))"
            return [
                "registry.register(\(method.kind): MethodTable.\(name).\(method.name)) { \(parameters) in",
                "try await self.\(method.name)\(arguments)", "}",
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
            let request = method.takesStream ? "" : "_ request: \(method.request), "
            let passed = method.takesStream ? "" : "request, "
            let isStream = method.takesStream || method.sendsStream
            let answer = isStream ? "StreamCall<\(method.request), \(method.response)>" : method.response
            let start = "package func \(method.name)(\(request)options: CallOptions = CallOptions())"
            return method.documentation + [
                "\(start) async throws -> \(answer) {",
                "try await caller.\(isStream ? "open" : "call")(\(target), \(passed)options: options)", "}",
            ]
        }
        return documentation + [
            "package struct \(name)Client<Caller: RPCCaller>: Sendable {", "private let caller: Caller", "",
            "/// Calls through `caller`.", "package init(_ caller: Caller) {", "self.caller = caller", "}",
        ] + calls + ["}"]
    }
}
