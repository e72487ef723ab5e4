import OneTimePasswords

/// The rules of codes by SMS (PRODUCT section 5, SECURITY OTP-08, OTP-09): every message costs money, so each limit is a cap on
/// what strangers can make us spend.
package struct SMSPolicy: Sendable {
    /// Off by default: telephone numbers are stolen more easily than mailboxes.
    package var isEnabled = false
    package var code = SMSPolicy.makeCode()
    /// Messages to numbers that differ in the last four digits only, in the window of the code's budgets.
    package var sendsPerNumberBlock: UInt32 = 20
    /// Messages to one country, in the same window.
    package var sendsPerCountry: UInt32 = 300
    /// Messages to everybody in a day: the cap on what they may cost.
    package var sendsPerDay: UInt32 = 2000
    /// Calling codes of the countries that messages are sent to; empty: all.
    package var callingCodes: Set<String> = []

    package init() {}

    /// Whether messages are sent to a number, whoever has it.
    func serves(_ canonical: [UInt8]) -> Bool {
        isEnabled && (callingCodes.isEmpty || callingCodes.contains(CallingCode.of(canonical)))
    }

    private static func makeCode() -> CodePolicy {
        var code = CodePolicy()
        code.length = 6
        code.alphabet = .decimal
        code.sendsPerAddress = 5
        code.sendsPerAccount = 8
        code.sendsPerSource = 20
        code.sendsPerPrefix = 40
        return code
    }
}

/// Which country or network a number belongs to (ITU-T E.164).
enum CallingCode {
    /// The codes of two digits as ITU assigned them; those of one begin with 1 or 7, all others have three.
    private static let ofTwoDigits: Set<String> = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
        "86", "90", "91", "92", "93", "94", "95", "98",
    ]

    /// The calling code of a number in canonical form: `49` of `+4915112345678`.
    static func of(_ canonical: [UInt8]) -> String {
        let digits = canonical.dropFirst()
        if digits.first == UInt8(ascii: "1") || digits.first == UInt8(ascii: "7") {
            return String(decoding: digits.prefix(1), as: UTF8.self)
        }
        let two = String(decoding: digits.prefix(2), as: UTF8.self)
        return ofTwoDigits.contains(two) ? two : String(decoding: digits.prefix(3), as: UTF8.self)
    }
}
