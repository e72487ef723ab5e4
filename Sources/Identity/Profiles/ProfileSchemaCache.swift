import MariaDB
import Synchronization

/// Versions of the schema as they were read; a version never changes, so none is ever stale.
final class ProfileSchemaCache: Sendable {
    private let versions = Mutex<[UInt64: ProfileSchema]>([:])

    /// The schema of a version, from the database when it was not read before.
    func schema(_ version: UInt64, _ transaction: Transaction) throws -> ProfileSchema {
        try schema(version) { try transaction.first(ReadSchema(version: version)) }
    }

    private func schema(_ version: UInt64, reading read: () throws -> ProfileSchema?) throws -> ProfileSchema {
        if version == ProfileSchema.initial.version { return .initial }
        if let known = versions.withLock({ $0[version] }) { return known }
        guard let schema = try read() else {
            throw DatabaseError(.protocol, "the profile schema in force is missing")
        }
        versions.withLock { versions in
            // Calls under way use the last two or three.
            if versions.count >= 8 { versions.removeAll() }
            versions[version] = schema
        }
        return schema
    }

    /// The schema in force, for a reader.
    func current(_ transaction: Transaction) throws -> ProfileSchema {
        try schema(try transaction.first(ReadSchemaVersion()) ?? ProfileSchema.initial.version, transaction)
    }

    /// The schema in force, which stays so until the transaction ends.
    func held(_ transaction: Transaction) throws -> ProfileSchema {
        let version = try transaction.first(ShareSchemaVersion()) ?? ProfileSchema.initial.version
        return try schema(version) { try transaction.first(ShareSchema(version: version)) }
    }
}
