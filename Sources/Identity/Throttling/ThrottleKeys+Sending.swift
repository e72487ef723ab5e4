import Cryptography

extension ThrottleKeys {
    /// All budgets that one message with a code is counted against, the same rows for a known and an unknown address.
    ///
    /// `address` is what the address is counted by, `number` the telephone number that it is, if it is one; `owner` is
    /// whose it is, for administrators.
    func sendSubjects(
        _ budget: DeliveryBudget,
        label: String,
        address: [UInt8],
        number: [UInt8]?,
        owner: UserID?,
        account: ThrottledAccount,
        from source: SourceAddress?,
        _ parts: CoreParts
    ) -> [ThrottleSubject] {
        let ofSource = sourceSubjects(
            source,
            label: label,
            address: (.sendsOfSource, budget.perSource),
            prefix: (.sendsOfPrefix, budget.perPrefix)
        )
        return ofSource + numberSubjects(budget, label: label, number: number) + [
            intervalSubject(budget, label: label, address: address, owner: owner),
            subject(.sendsToAddress, label: label, identity: address, userID: owner, rule: budget.perAddress),
            subject(
                .sendsOfAccount,
                label: label,
                identity: account.identity,
                userID: account.userID,
                rule: budget.perAccount
            ),
            totalSubject(
                .sendsInTotal,
                label: label,
                rule: budget.total,
                shards: parts.policy.throttling.totalShards,
                random: parts.random
            ),
        ]
    }

    /// What a short message is counted by together with those to others: block, country, and the total of the day.
    func smsSubjects(_ budget: DeliveryBudget, number: [UInt8], _ parts: CoreParts) -> [ThrottleSubject] {
        let label = SignInMethodName.smsCode.rawValue
        let total = totalSubject(
            .sendsInTotal,
            label: label,
            rule: budget.total,
            shards: parts.policy.throttling.totalShards,
            random: parts.random
        )
        return numberSubjects(budget, label: label, number: number) + [total]
    }

    /// What all numbers of a block, and of a country, are counted by together.
    private func numberSubjects(_ budget: DeliveryBudget, label: String, number: [UInt8]?) -> [ThrottleSubject] {
        guard let number, let ofBlock = budget.perNumberBlock, let ofCountry = budget.perCountry else { return [] }
        let country = Array(CallingCode.of(number).utf8)
        return [
            subject(.sendsToNumberBlock, label: label, identity: Array(number.dropLast(4)), rule: ofBlock),
            subject(.sendsToCountry, label: label, identity: country, rule: ofCountry),
        ]
    }

    /// The row that keeps messages to one address apart; a proof of the address ends it.
    func intervalSubject(
        _ budget: DeliveryBudget,
        label: String,
        address: [UInt8],
        owner: UserID?
    ) -> ThrottleSubject {
        let rule = ThrottleRule(window: budget.interval, limit: 1)
        return subject(.sendInterval, label: label, identity: address, userID: owner, rule: rule)
    }
}
