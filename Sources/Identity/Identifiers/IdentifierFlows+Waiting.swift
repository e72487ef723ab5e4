import MariaDB

extension IdentifierFlows {
    /// The address that the person who calls has yet to prove; nil when none waits.
    package func waiting(_ context: CallContext) async throws(FlowError) -> IdentifierClaim? {
        let session = try context.requirePerson()
        let now = parts.clock.now()
        let policy = parts.policy
        return try await parts.read(context) { transaction in
            guard let claim = try transaction.first(ReadClaims(user: session.userID)), now < claim.expiresAt else {
                return nil
            }
            let code = try CodeStore().read(claim.binding.flowID, .address, transaction)
            return claim.claim(
                codeLength: CodeChannel(claim.name.kind)?.codePolicy(policy).length ?? policy.code.length,
                codeExpiresAt: code?.expiresAt ?? now,
                resendAt: code?.resendAt ?? now
            )
        }
    }

    /// Gives a claim up, with its code; one that is over already is no matter.
    package func withdraw(_ id: IdentifierClaimID, _ context: CallContext) async throws(FlowError) {
        let session = try context.requirePerson()
        try await parts.transaction(context) { transaction in
            guard let claim = try transaction.first(LockClaim(user: session.userID)), claim.id == id else { return }
            try transaction.execute(DeleteClaimOfUser(user: session.userID))
        }
    }
}
