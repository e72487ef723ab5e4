internal import Cryptography
internal import Foundation
internal import RPCClient
internal import Wire

/// Opens a connection to the server for one command, and closes it after.
struct AdministrationConnection {
    private let arguments: AdministrationArguments

    init(_ arguments: AdministrationArguments) {
        self.arguments = arguments
    }

    /// Makes one call.
    ///
    /// - Throws: `CommandFailure` with a sentence for the person at the terminal.
    func call(_ method: MethodDescriptor, _ request: [UInt8]) async throws -> [UInt8] {
        let client = try GatehouseClient(configuration(token: method.permission == "public" ? nil : arguments.token()))
        defer { client.close() }
        do {
            return try await client.call(
                method: method.fullName,
                request: request,
                timeout: .seconds(arguments.timeout),
                // One command has one effect, also when its answer is lost and the call is repeated.
                idempotencyKey: method.isReadOnly ? nil : UUID().uuidString
            )
        } catch let error as RPCError {
            throw CommandFailure(Self.sentence(for: error))
        }
    }

    /// Makes calls of any kind on one connection.
    ///
    /// - Throws: `CommandFailure` with a sentence for the person at the terminal, and what `body` throws else.
    func withClient<R>(_ body: (GatehouseClient) async throws -> R) async throws -> R {
        let client = try GatehouseClient(configuration(token: arguments.token()))
        defer { client.close() }
        do {
            return try await body(client)
        } catch let error as RPCError {
            throw CommandFailure(Self.sentence(for: error))
        }
    }

    private func configuration(token: SecretBytes?) throws -> ClientConfiguration {
        ClientConfiguration(endpoint: try arguments.endpoint()) { token.map { $0.withBytes { Array($0) } } }
    }

    private static func sentence(for error: RPCError) -> String {
        let request = error.requestID.isEmpty || error.code != .internalFailure ? "" : " (request \(error.requestID))"
        return switch error.code {
        case .notFound: "Not found."
        case .unauthenticated: "The service token is not valid: \(error)."
        case .permissionDenied: "Not allowed: \(error)."
        case .unavailable where error.requestID.isEmpty: "No server answers: \(error). Is `gatehouse serve` running?"
        case .aborted: "Somebody changed it meanwhile; it has revision \(error.currentRevision ?? 0) now."
        default: "Refused: \(error)\(request)"
        }
    }
}
