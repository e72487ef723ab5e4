import Cryptography
import Mail
import MariaDB
import Testing

@testable import Identity

/// Random walks over all entry points, parallel tabs included (SECURITY REC-02): a session only comes of a code that
/// was mailed for this very flow, to the address the flow names, and used once.
@Suite struct SignInWalkTests {
    /// One tab as the model sees it.
    private struct Tab {
        let handle: SecretBytes
        var address: String?
        var isOver = false
    }

    private static let addresses = ["a@example.com", "b@example.com", "c@example.com"]

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `a session only comes of the right code in the right flow`(seed: UInt64) async throws {
        let world = try await SignInWorld {
            $0.code.resendInterval = .seconds(1)
            $0.code.sendsPerAddress = 10_000
            $0.code.sendsPerAccount = 10_000
            $0.code.sendsPerSource = 10_000
            $0.code.sendsPerPrefix = 10_000
            $0.throttling.account.burst = nil
        }
        var generator = SeededGenerator(seed: seed)
        var tabs: [Tab] = []
        var codes: [String] = ["", "00000000"]
        var sessions = 0
        for _ in 0..<150 {
            if tabs.isEmpty || Int.random(in: 0..<5, using: &generator) == 0 {
                tabs.append(try await openTab(world, &generator))
            }
            let index = Int.random(in: 0..<tabs.count, using: &generator)
            switch Int.random(in: 0..<7, using: &generator) {
            case 0: try await name(world, &tabs[index], &generator)
            case 1: _ = try? await world.signIn.sendCode(tabs[index].handle, world.browser())
            case 2: _ = try? await world.signIn.view(tabs[index].handle, world.browser())
            case 3 where Int.random(in: 0..<4, using: &generator) == 0:
                try await world.signIn.cancel(tabs[index].handle, world.browser())
                tabs[index].isOver = true
            case 4: world.clock.advance(.seconds(Int.random(in: 0..<90, using: &generator)))
            default:
                let typed = codes.randomElement(using: &generator) ?? ""
                sessions += try await submit(world, typed, &tabs[index]) ? 1 : 0
            }
            await world.worker.deliverDue()
            codes = ["", "00000000"] + world.post.messages.suffix(4).compactMap(Self.code)
        }
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == Int64(sessions))
        #expect(try await world.number("SELECT COUNT(*) FROM sign_in_flows WHERE state = 3") == Int64(sessions))
        #expect(sessions > 0)
    }

    private func openTab(_ world: SignInWorld, _ generator: inout SeededGenerator) async throws -> Tab {
        let address = Bool.random(using: &generator) ? Self.addresses.randomElement(using: &generator) : nil
        let started = try await world.signIn.begin(SignInRequest(identifier: address), world.browser())
        return Tab(handle: started.handle, address: address)
    }

    private func name(_ world: SignInWorld, _ tab: inout Tab, _ generator: inout SeededGenerator) async throws {
        guard let address = Self.addresses.randomElement(using: &generator) else { return }
        do {
            _ = try await world.signIn.identify(tab.handle, identifier: address, world.browser())
            #expect(!tab.isOver)
            tab.address = address
        } catch {
            #expect(error.reason == .signInFlowEnded)
        }
    }

    /// Submits, and checks a success against the mail and the rows; true for a success.
    private func submit(_ world: SignInWorld, _ typed: String, _ tab: inout Tab) async throws -> Bool {
        guard let outcome = try? await world.submit(typed, tab.handle), case .signedIn(let signedIn) = outcome else {
            return false
        }
        let address = try #require(tab.address)
        let user = try await world.core.users.get(signedIn.session.userID, world.administrator)
        #expect(!tab.isOver)
        #expect(user.identifiers.map(\.value) == [address])
        #expect(world.post.messages(to: address).compactMap(Self.code).contains(typed))
        tab.isOver = true
        return true
    }

    private static func code(_ mail: MailMessage) -> String? {
        mail.text.split(separator: "\n").first { $0.hasPrefix("    ") }?.trimmingPrefix("    ").description
    }
}
