/// What a throttle row limits; raw values are stored.
///
/// A transaction counts its subjects in the order of their `place`, and inside a kind by hash, so that no two
/// transactions wait for each other's rows. What belongs to the one who asks comes first: a blocked source adds nothing
/// to the budgets of its victims, and a queue behind one account holds no row that others need.
package enum ThrottleKind: UInt8, Sendable, Hashable, CaseIterable {
    // Flows begun.
    case beginsOfSource = 1
    case beginsOfPrefix = 2
    // Secrets tried.
    case triesOfSource = 11
    case triesOfPrefix = 12
    case triesOfAccount = 13
    case triesInTotal = 14
    // Codes sent.
    case sendsOfSource = 21
    case sendsOfPrefix = 22
    /// One code to one address, then none for a while.
    case sendInterval = 23
    case sendsToAddress = 24
    case sendsOfAccount = 25
    case sendsInTotal = 26
    /// To numbers that differ in their last digits only.
    case sendsToNumberBlock = 27
    case sendsToCountry = 28
    // Notices written.
    case noticesOfAccount = 31

    /// Whether strangers' messages to other numbers use it up, too.
    var isShared: Bool { self == .sendsToCountry || self == .sendsInTotal }

    /// The place in the order in which subjects are counted.
    ///
    /// What is narrower comes first, so that a block of numbers that had enough uses nothing of the total up.
    var place: Int {
        switch self {
        case .sendsToNumberBlock: 251
        case .sendsToCountry: 252
        default: Int(rawValue) * 10
        }
    }
}
