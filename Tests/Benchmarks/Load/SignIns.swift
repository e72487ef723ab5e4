internal import Cryptography
internal import Foundation
internal import RPCClient
internal import Synchronization
internal import Wire

/// Signs new people in by the codes that arrive in the development mailbox.
final class SignIns: Sendable {
    /// Somebody who has just signed in.
    struct Person: Sendable {
        let address: String
        let sessionToken: SecretBytes
        let deviceToken: SecretBytes
    }

    /// What must not happen.
    enum Failure: Error { case notSignedIn }

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

    /// Signs `count` new people in.
    func sessions(count: Int) async throws -> [Person] {
        let people = Mutex<[Person]>([])
        try await whileReadingMailbox {
            try await Array(0..<count).concurrently { _ in
                let person = try await self.signIn()
                people.withLock { $0.append(person) }
            }
        }
        return people.withLock { $0 }
    }

    /// Runs `body` with somebody at the mailbox, without whom nobody learns a code.
    func whileReadingMailbox<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                await self.readMailbox()
                return nil
            }
            group.addTask { try await body() }
            while let result = try await group.next() {
                guard let result else { continue }
                group.cancelAll()
                return result
            }
            throw CancellationError()
        }
    }

    /// One new person, from an address and a source of their own.
    func signIn() async throws -> Person {
        let address = nextAddress()
        let begin = BeginSignInRequest(client: nextClient(), identifier: address)
        let options = CallOptions(timeout: .seconds(60))
        let started = try await service.beginSignIn(begin, options: options)
        if started.flow?.nextSteps.contains(where: \.isCode) != true {
            let send = SendSignInCodeRequest(flowToken: started.flowToken)
            _ = try await service.sendSignInCode(send, options: options)
        }
        let code = await code(for: address)
        let submit = SubmitSignInCodeRequest(flowToken: started.flowToken, code: SecretBytes(utf8: code))
        guard case .signedIn(let signedIn) = try await service.submitSignInCode(submit, options: options).outcome else {
            throw Failure.notSignedIn
        }
        return Person(address: address, sessionToken: signedIn.sessionToken, deviceToken: signedIn.deviceToken)
    }

    /// An address that nobody has.
    func nextAddress() -> String { "bench-\(run)-\(nextNumber())@example.com" }

    /// The line of a person at a source that nobody else has, so that no limit on sources is met.
    func nextClient(_ deviceToken: SecretBytes = SecretBytes(copying: [])) -> SignInClient {
        let number = nextNumber()
        let source = "10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"
        return SignInClient(sourceAddress: source, userAgent: "bench", languages: "en", deviceToken: deviceToken)
    }

    private func nextNumber() -> UInt32 {
        state.withLock { state in
            state.next += 1
            return state.next
        }
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
    private func readMailbox() async {
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

extension SignInStep {
    fileprivate var isCode: Bool {
        if case .code = kind { true } else { false }
    }
}

extension Array where Element: Sendable {
    /// Runs `body` for each, a few at a time, and once more where the server had too much to do.
    func concurrently(_ body: @escaping @Sendable (Element) async throws -> Void) async throws {
        let width = 16
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, element) in enumerated() {
                if index >= width { try await group.next() }
                group.addTask {
                    do {
                        try await body(element)
                    } catch {
                        guard (error as? RPCError)?.code == .unavailable else { throw error }
                        try await body(element)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
