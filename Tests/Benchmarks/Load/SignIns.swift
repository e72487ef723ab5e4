internal import Cryptography
internal import Foundation
internal import RPCClient
internal import Synchronization
internal import Wire

/// Signs new people in by the codes that arrive in the development mailbox.
final class SignIns: Sendable {
    private struct State {
        var next: UInt32 = 0
        var codes: [String: String] = [:]
        var seen: Set<String> = []
        var waiting: [String: CheckedContinuation<String, Never>] = [:]
    }

    private let service: SignInServiceClient<GatehouseClient>
    private let mailbox: String
    private let run = UInt32.random(in: 0..<0xFFFF)
    private let state = Mutex(State())

    init(client: GatehouseClient, mailbox: String) {
        service = SignInServiceClient(client)
        self.mailbox = mailbox
    }

    /// Signs `count` people in and returns their session tokens.
    func sessions(count: Int) async throws -> [SecretBytes] {
        try await withThrowingTaskGroup(of: SecretBytes?.self) { group in
            group.addTask {
                try await self.readMailbox()
                return nil
            }
            for _ in 0..<count { group.addTask { try await self.signIn() } }
            var tokens: [SecretBytes] = []
            while tokens.count < count, let token = try await group.next() { if let token { tokens.append(token) } }
            group.cancelAll()
            return tokens
        }
    }

    /// One new person, from an address and a source of their own.
    func signIn() async throws -> SecretBytes {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        let address = "bench-\(run)-\(number)@example.com"
        let source = "10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"
        let client = SignInClient(sourceAddress: source, userAgent: "bench", languages: "en")
        let begin = BeginSignInRequest(client: client, identifier: address)
        let options = CallOptions(timeout: .seconds(60))
        let started = try await service.beginSignIn(begin, options: options)
        let code = await code(for: address)
        let submit = SubmitSignInCodeRequest(flowToken: started.flowToken, code: SecretBytes(utf8: code))
        guard case .signedIn(let signedIn) = try await service.submitSignInCode(submit, options: options).outcome else {
            throw CancellationError()
        }
        return signedIn.sessionToken
    }

    private func code(for address: String) async -> String {
        await withCheckedContinuation { continuation in
            let code = state.withLock { state in
                if state.codes[address] == nil { state.waiting[address] = continuation }
                return state.codes.removeValue(forKey: address)
            }
            if let code { continuation.resume(returning: code) }
        }
    }

    /// Looks for new messages until it is cancelled.
    func readMailbox() async throws {
        while !Task.isCancelled {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: mailbox)) ?? []
            let new = state.withLock { state in
                let new = names.filter { $0.hasSuffix(".eml") && !state.seen.contains($0) }
                state.seen.formUnion(new)
                return new
            }
            for name in new { read(name) }
            try? await Task.sleep(for: .milliseconds(2))
        }
    }

    private func read(_ name: String) {
        let path = mailbox + "/" + name
        guard let message = try? String(contentsOfFile: path, encoding: .utf8) else { return }
        // CR LF is one Character, which no pattern for LF finds.
        let text = String(String.UnicodeScalarView(message.unicodeScalars.filter { $0 != "\r" }))
        try? FileManager.default.removeItem(atPath: path)
        guard let address = text.firstMatch(of: /To:[^\n]*?(bench-[0-9]+-[0-9]+@example\.com)/)?.1,
            let code = text.firstMatch(of: /\n\s*([0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})\s*\n/)?.1
        else { return }
        let waiting = state.withLock { state in
            if state.waiting[String(address)] == nil { state.codes[String(address)] = String(code) }
            return state.waiting.removeValue(forKey: String(address))
        }
        waiting?.resume(returning: String(code))
    }
}
