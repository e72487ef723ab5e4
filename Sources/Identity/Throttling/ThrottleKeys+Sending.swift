import Cryptography

extension ThrottleKeys {
    /// All budgets that one message with a code is counted against, the same rows for a known and an unknown address.
    ///
    /// `address` is what the address is counted by; `owner` is whose it is, for administrators.
    func sendSubjects(
        _ budget: DeliveryBudget,
        label: String,
        address: [UInt8],
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
        return ofSource + [
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
