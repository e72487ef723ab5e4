extension EnglishMessages {
    /// The code that proves an address which its owner wants to add.
    static func addressCode(_ code: String, _ lifetimeMinutes: Int, _ values: MessageValues) -> RenderedMessage {
        message(
            "Code for adding this address at \(values.siteName)",
            before: ["Your code for adding this address to your account at \(values.siteName) is:"],
            code: code,
            after: [
                limits(lifetimeMinutes),
                "We never ask for this code by telephone or mail. Whoever asks you for it is not us.",
                "If you did not ask for it, you need not do anything: nobody can add your address without it.",
            ],
            values
        )
    }

    /// The same to an address that an account has already.
    static func takenAddressCode(_ code: String, _ lifetimeMinutes: Int, _ values: MessageValues) -> RenderedMessage {
        message(
            "Code for adding this address at \(values.siteName)",
            before: [
                "Somebody wants to add this address to an account at \(values.siteName). It belongs to an account there "
                    + "already, so it cannot be added as long as that account has it.",
                "If that was you, sign in with this address, or remove it from that account first. Your code is:",
            ],
            code: code,
            after: [
                limits(lifetimeMinutes),
                "If it was not you, you need not do anything. Give the code to nobody.",
            ],
            values
        )
    }

    /// An invitation by link.
    static func invitation(_ link: String, _ days: Int, _ values: MessageValues) -> RenderedMessage {
        message(
            "Invitation to \(values.siteName)",
            before: [
                "You are invited to have an account at \(values.siteName). To accept, open this link and confirm:",
                link,
            ],
            code: nil,
            after: [
                days == 1 ? "It is good for 1 day, once." : "It is good for \(days) days, once.",
                "If you do not want an account, you need not do anything: nothing is made without you.",
            ],
            values
        )
    }

    private static func limits(_ minutes: Int) -> String {
        let time = minutes == 1 ? "1 minute" : "\(minutes) minutes"
        return "It is good for \(time), once, and only where you asked for it."
    }
}
