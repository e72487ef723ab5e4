import MariaDB

/// What went with a role: how many it was given to.
package struct DeletedRole: Sendable, Hashable, Codable {
    package let users: UInt64
    package let groups: UInt64
    package let serviceAccounts: UInt64
}

/// What went with a group; its members, and the groups in it, stay.
package struct DeletedGroup: Sendable, Hashable, Codable {
    package let members: UInt64
    package let roles: UInt64
    package let subgroups: UInt64
    package let parents: UInt64
}

extension CollectiveFlows where Kind == IDKind.Role {
    /// Takes a role from all who have it, and removes it.
    package func delete(
        _ id: RoleID,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> DeletedRole {
        try context.require(.membershipWrite)
        let parts = parts
        return try await parts.changeMembership(context) { transaction, now in
            let role = try Self.lock(id, expectedRevision, transaction)
            try Authority(of: context, at: now, transaction).require(id)
            let gone =
                try transaction.first(CountRoleHolders(role: id))
                ?? DeletedRole(users: 0, groups: 0, serviceAccounts: 0)
            try transaction.execute(DeleteCollective(id: id))
            let details = [
                "name": role.name, "users": "\(gone.users)", "groups": "\(gone.groups)",
                "service_accounts": "\(gone.serviceAccounts)",
            ]
            let event = AuditEvent(.roleDeleted, subjectID: id.bytes, details: details)
            try AuditStore(parts: parts).append(event, context, transaction)
            return gone
        }
    }
}

extension CollectiveFlows where Kind == IDKind.Group {
    /// Removes a group: its members lose what they had through it, the groups in it lose what they inherited.
    package func delete(
        _ id: GroupID,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> DeletedGroup {
        try context.require(.membershipWrite)
        let parts = parts
        return try await parts.changeMembership(context) { transaction, now in
            let group = try Self.lock(id, expectedRevision, transaction)
            let authority = try Authority(of: context, at: now, transaction)
            try authority.require(id)
            let gone =
                try transaction.first(CountGroupContents(group: id))
                ?? DeletedGroup(members: 0, roles: 0, subgroups: 0, parents: 0)
            let owned = try MembershipFlows.rolesPassedOn(by: id, at: now, transaction)
            try authority.keepingOwners(of: owned) {
                try MembershipStore(parts: parts).removeFromClosure(id, transaction)
                try transaction.execute(DeleteCollective(id: id))
            }
            let details = [
                "name": group.name, "members": "\(gone.members)", "roles": "\(gone.roles)",
                "subgroups": "\(gone.subgroups)", "parents": "\(gone.parents)",
            ]
            let event = AuditEvent(.groupDeleted, subjectID: id.bytes, details: details)
            try AuditStore(parts: parts).append(event, context, transaction)
            return gone
        }
    }
}
