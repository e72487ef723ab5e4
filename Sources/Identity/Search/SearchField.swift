import MariaDB

/// What users can be searched and sorted by: something that an index holds.
enum SearchField: Sendable, Hashable {
    case id
    case state
    case externalID
    case createTime
    case updateTime
    case name(IdentifierKind)
    /// A queryable attribute of profiles.
    case value(ProfileAttribute, isMulti: Bool)

    /// The field that a filter or sort calls `path`.
    ///
    /// Attributes of profiles take the right to read profiles, since a filter tells as much as a value.
    init(_ path: AttributePath, in request: String, _ scope: SearchScope) throws(FlowError) {
        switch path.description {
        case "id": self = .id
        case "state": self = .state
        case "external_id": self = .externalID
        case "create_time": self = .createTime
        case "update_time": self = .updateTime
        case "email": self = .name(.email)
        case "phone": self = .name(.phone)
        case "username": self = .name(.username)
        default:
            try scope.context.require(.profilesRead)
            let parents = path.parents.compactMap { scope.schema[$0] }
            guard let attribute = scope.schema[path], ([attribute] + parents).allSatisfy(scope.rights.mayRead) else {
                throw .invalid(request, .attributeUnknown, "`\(path)` is nothing that this caller can search by")
            }
            guard attribute.isQueryable, attribute.kind != .complex else {
                throw .invalid(request, .filterUnserved, "`\(path)` has no index: it is not queryable")
            }
            guard !scope.filling.contains(path) else {
                throw .invalid(request, .filterUnserved, "`\(path)` has no whole index yet: it is being filled")
            }
            self = .value(attribute, isMulti: ([attribute] + parents).contains(where: \.isMulti))
        }
    }

    /// As filters call it.
    var path: String {
        switch self {
        case .id: "id"
        case .state: "state"
        case .externalID: "external_id"
        case .createTime: "create_time"
        case .updateTime: "update_time"
        case .name(.email): "email"
        case .name(.phone): "phone"
        case .name(.username): "username"
        case .value(let attribute, _): attribute.path.description
        }
    }

    /// Whether one user may stand in the index several times.
    var isMulti: Bool {
        switch self {
        case .name: true
        case .value(_, let isMulti): isMulti
        default: false
        }
    }

    /// Whether one key is that of at most one user.
    var isUnique: Bool {
        switch self {
        case .id, .externalID, .name: true
        case .value(let attribute, _): attribute.isUnique
        case .state, .createTime, .updateTime: false
        }
    }

    /// What its values are, as attributes of profiles have them.
    var kind: ProfileAttribute.Kind {
        switch self {
        case .createTime, .updateTime: .dateTime
        case .value(let attribute, _): attribute.kind
        case .id, .state, .externalID, .name: .string
        }
    }

    /// Whether its keys are moments rather than bytes.
    var hasMoments: Bool { self == .createTime || self == .updateTime }
}

/// By what a filter is read: the attributes there are, and who asks.
struct SearchScope {
    let schema: ProfileSchema
    /// Attributes whose index does not hold all values yet, since the schema was changed.
    let filling: Set<AttributePath>
    let context: CallContext
    /// Looks up what roles and groups are called.
    let transaction: Transaction

    var rights: ProfileRights { ProfileRights(context) }

    /// What is in force.
    init(_ parts: CoreParts, _ context: CallContext, _ transaction: Transaction) throws {
        schema = try parts.profileSchemas.current(transaction)
        filling = Set(try transaction.all(ListProfileTasks()).filter { $0.kind == .fill }.map(\.path))
        self.context = context
        self.transaction = transaction
    }
}
