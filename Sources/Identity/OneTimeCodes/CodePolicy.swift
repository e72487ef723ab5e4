package import OneTimePasswords

/// The rules of one-time codes (PRODUCT section 5, SECURITY 1.2); every number has its default.
package struct CodePolicy: Sendable {
    /// Characters of a code, without separators.
    package var length = 8
    package var alphabet = CodeAlphabet.crockford32
    /// How long a code is good (OTP-02: at most 10 minutes).
    package var lifetime: Duration = .seconds(300)
    /// Tries per code, the right one included (OTP-04).
    package var maximumTries: UInt8 = 4
    /// Least time between two codes to one address.
    package var resendInterval: Duration = .seconds(60)
    /// Window of all send budgets below.
    package var budgetWindow: Duration = .seconds(3600)
    /// Codes to one address in a window.
    package var sendsPerAddress: UInt32 = 10
    /// Codes to all addresses of one account in a window.
    package var sendsPerAccount: UInt32 = 15
    /// Codes asked for from one source address in a window.
    package var sendsPerSource: UInt32 = 100
    /// Codes asked for from one source prefix (/32, /64) in a window.
    package var sendsPerPrefix: UInt32 = 100
    /// Codes in total in a window: the cap on what messages may cost.
    package var sendsInTotal: UInt32 = 100_000

    package init() {}
}
