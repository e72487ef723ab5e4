import Cryptography
import Mail
import Testing

@testable import Identity

extension SignInWorld {
    /// A world whose people may sign in by SMS.
    static func withSMS(
        lanes: Int = 4,
        _ change: (inout IdentityPolicy) -> Void = { _ in }
    ) async throws -> SignInWorld {
        try await SignInWorld(lanes: lanes) { policy in
            policy.sms.isEnabled = true
            change(&policy)
        }
    }

    /// A user with a telephone number that is proved.
    func makeUser(_ address: String, phone: String) async throws -> UserID {
        let user = try await makeUser(address)
        try prove(phone, of: user)
        return user
    }

    /// Gives a user a proved number, as an import does.
    func prove(_ phone: String, of user: UserID) throws {
        let number = try #require(PhoneNumber(phone))
        let canonical = String(decoding: number.canonical, as: UTF8.self)
        try run(
            """
            INSERT INTO user_identifiers (id, user_id, kind, value, canonical, verified_at, is_primary, created_at)
            VALUES (UNHEX(MD5('\(canonical)')), UNHEX('\(Hex.encode(user.bytes))'), 2, '\(phone)', '\(canonical)', NOW(6), TRUE,
                NOW(6))
            """
        )
    }

    /// What a number was sent, but for codes.
    func smsNotices(to number: String) async -> [String] {
        await worker.deliverDue()
        return phones.messages.filter { $0.to == number && !$0.text.contains(" is your code for ") }.map(\.text)
    }

    /// The secret of the link that a number was sent last.
    func smsLinkSecret(to number: String) async throws -> SecretBytes {
        let secret = await smsNotices(to: number).compactMap { $0.split(separator: "?token=").dropFirst().first }.last
        return SecretBytes(utf8: String(try #require(secret)))
    }

    /// The latest code that was sent to a number in canonical form; nil without any.
    func smsCode(to number: String) async throws -> String? {
        await worker.deliverDue()
        let text = phones.messages.last { $0.to == number }?.text
        return text?.split(separator: "#").last.map(String.init)
    }
}
