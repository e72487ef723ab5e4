package import JSON
package import MariaDB

/// What is known of a person beyond names, as one caller may see it.
package struct Profile: Sendable, Hashable, Codable {
    package let userID: UserID
    /// In the order of their paths; attributes without a value are left out.
    package let values: [ProfileValue]
    /// Required attributes that have no value.
    package let missing: [AttributePath]
    /// The schema that `values` are to be read by.
    package let schemaVersion: UInt64
    /// 0 until the first value is written.
    package let revision: UInt64
    package let updatedAt: Timestamp?
}

extension Profile: AnswerAboutUser {
    var userInAnswer: UserID { userID }
}

/// An outermost attribute with its value.
package struct ProfileValue: Sendable, Hashable, Codable {
    package let path: AttributePath
    package let value: JSONValue

    package init(path: AttributePath, value: JSONValue) {
        self.path = path
        self.value = value
    }
}

/// What to write of a profile; what is not named stays as it is.
package struct ProfileChanges: Sendable {
    /// A value at a path; nil and JSON's null take the value away.
    ///
    /// A later one of the same path counts.
    package var values: [(path: AttributePath, value: JSONValue?)]

    package init(values: [(path: AttributePath, value: JSONValue?)] = []) {
        self.values = values
    }
}

/// A profile as it is stored.
struct StoredProfile: Sendable {
    let userID: UserID
    var document: ProfileDocument
    var revision: UInt64
    var updatedAt: Timestamp?

    /// What `rights` may see of it.
    func visible(by schema: ProfileSchema, to rights: ProfileRights) -> Profile {
        let readable = schema.children(of: nil).filter { rights.mayRead($0) }
        let values = readable.compactMap { attribute in
            document.values[attribute.path.root].map { ProfileValue(path: attribute.path, value: $0) }
        }
        let missing = readable.filter { $0.isRequired && document.values[$0.path.root] == nil }.map(\.path)
        return Profile(
            userID: userID,
            values: values,
            missing: missing,
            schemaVersion: schema.version,
            revision: revision,
            updatedAt: updatedAt
        )
    }
}
