/// All attributes of profiles, as of one version (PRODUCT section 3).
///
/// A version never changes once it is written: a change of the schema is a new one.
package struct ProfileSchema: Sendable, Hashable, Codable {
    /// 1 for what a new installation has; each change adds one.
    package let version: UInt64
    /// In the order of their paths, sub-attributes after what they belong to.
    package let attributes: [ProfileAttribute]
    /// The number that the next new attribute gets; none is given twice.
    let nextNumber: UInt32

    init(version: UInt64, attributes: [ProfileAttribute], nextNumber: UInt32) {
        self.version = version
        self.attributes = attributes.sorted { $0.path.codes.lexicographicallyPrecedes($1.path.codes) }
        self.nextNumber = nextNumber
    }

    /// The attribute at a path.
    package subscript(path: AttributePath) -> ProfileAttribute? { attributes.first { $0.path == path } }

    /// The attribute with this one code.
    func attribute(_ code: String) -> ProfileAttribute? {
        attributes.first { $0.path.codes.count == 1 && $0.path.root == code }
    }

    /// The attributes directly under a path; the outermost ones for nil.
    func children(of path: AttributePath?) -> [ProfileAttribute] {
        attributes.filter { $0.path.parent == path }
    }

    /// Without what this actor may not see.
    func visible(to rights: ProfileRights) -> ProfileSchema {
        ProfileSchema(
            version: version,
            attributes: attributes.filter { rights.mayRead($0) },
            nextNumber: nextNumber
        )
    }
}

extension ProfileSchema {
    /// What a new installation has: version 1.
    ///
    /// The person's e-mail address is an identifier, not a value kept here, so that only its verification flow can change
    /// it (SECURITY REC-05).
    static let initial: ProfileSchema = {
        let attributes = StandardAttributes.initialCodes.flatMap { StandardAttributes.named($0) ?? [] }
        let numbered = attributes.enumerated().map { index, attribute in
            var attribute = attribute
            attribute.number = UInt32(index + 1)
            return attribute
        }
        return ProfileSchema(version: 1, attributes: numbered, nextNumber: UInt32(numbered.count + 1))
    }()
}

/// What the actor of a call may see and write of profiles.
enum ProfileRights: Sendable, Hashable {
    case person
    case administrator
    case server

    init(_ context: CallContext) {
        switch context.actor {
        case .anonymous, .user: self = .person
        case .serviceAccount: self = .administrator
        case .system: self = .server
        }
    }

    func mayRead(_ attribute: ProfileAttribute) -> Bool { includes(attribute.readers) }

    func mayWrite(_ attribute: ProfileAttribute) -> Bool { includes(attribute.writers) }

    private func includes(_ access: ProfileAttribute.Access) -> Bool {
        switch self {
        case .person: access == .user
        case .administrator: access != .hidden
        case .server: true
        }
    }
}
