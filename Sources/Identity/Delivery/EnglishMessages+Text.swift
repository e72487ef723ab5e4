extension EnglishMessages {
    /// A short message in one paragraph.
    package func text(_ values: TextMessageValues, languages: String) -> String {
        let time = values.minutes == 1 ? "1 minute" : "\(values.minutes) minutes"
        let purpose =
            switch values.purpose {
            case .signIn: "signing in to \(values.siteName)"
            case .confirmation: "confirming that it is you at \(values.siteName)"
            case .address: "adding this number to your account at \(values.siteName)"
            case .takenAddress:
                "adding this number at \(values.siteName), where another account has it: remove it there first, or ignore this"
            }
        return "\(values.code) is your code for \(purpose). Good for \(time). We never ask you for it by telephone."
    }
}
