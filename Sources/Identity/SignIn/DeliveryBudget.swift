/// How much a method may send (SECURITY OTP-08); windows are fixed and no success gives anything back.
package struct DeliveryBudget: Sendable, Hashable {
    /// Least time between two messages to one address; a proof of that address ends it early.
    package var interval: Duration
    package var perAddress: ThrottleRule
    package var perAccount: ThrottleRule
    package var perSource: ThrottleRule
    package var perPrefix: ThrottleRule
    package var total: ThrottleRule
    /// For telephone numbers: all that differ in the last four digits only, and all of a country.
    package var perNumberBlock: ThrottleRule?
    package var perCountry: ThrottleRule?

    /// The budget of one-time codes.
    init(_ policy: CodePolicy) {
        func rule(_ limit: UInt32) -> ThrottleRule { ThrottleRule(window: policy.budgetWindow, limit: limit) }
        interval = policy.resendInterval
        perAddress = rule(policy.sendsPerAddress)
        perAccount = rule(policy.sendsPerAccount)
        perSource = rule(policy.sendsPerSource)
        perPrefix = rule(policy.sendsPerPrefix)
        total = rule(policy.sendsInTotal)
    }

    /// The budget of codes by SMS.
    init(_ policy: SMSPolicy) {
        self.init(policy.code)
        let window = policy.code.budgetWindow
        perNumberBlock = ThrottleRule(window: window, limit: policy.sendsPerNumberBlock)
        perCountry = ThrottleRule(window: window, limit: policy.sendsPerCountry)
        total = ThrottleRule(window: .seconds(86_400), limit: policy.sendsPerDay)
    }
}
