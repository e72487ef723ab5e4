import MariaDB

/// Adds a flow that has just begun.
struct InsertFlow: Statement {
    static let sql: SQL = """
        INSERT INTO sign_in_flows (id, token_hash, caller_id, state, identifier_kind, identifier_value,
            identifier_canonical, wanted_level, factors, return_target, languages, source_address, user_agent,
            created_at, expires_at, user_id, session_id, device_id, device_token_hashes)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    let flow: SignInFlow
    let handle: TokenHash
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(flow.id)
        parameters.append(handle)
        parameters.append(flow.callerID)
        parameters.append(flow.phase.rawValue)
        parameters.append(flow.identifier?.kind.rawValue)
        parameters.append(flow.identifier?.value)
        parameters.append(flow.identifier?.canonical)
        parameters.append(flow.demand.stored)
        parameters.append(Factor.text(of: flow.factors))
        parameters.append(flow.returnTarget)
        parameters.append(flow.languages)
        parameters.append(flow.client.source?.description)
        parameters.append(flow.client.userAgent)
        parameters.append(now)
        parameters.append(flow.expiresAt)
        parameters.append(flow.confirming?.user)
        parameters.append(flow.confirming?.session)
        parameters.append(flow.deviceID)
        parameters.append(flow.client.devices.storedHashes)
    }
}

/// Reads a flow by its handle and holds it for the rest of the transaction.
struct LockFlow: Statement {
    static let sql: SQL = SignInFlow.select + " FROM sign_in_flows WHERE token_hash = ? FOR UPDATE"

    let handle: TokenHash

    func bind(to parameters: inout Parameters) {
        parameters.append(handle)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> SignInFlow {
        try SignInFlow(from: &columns)
    }
}

/// Reads a flow by its handle.
struct ReadFlow: Statement {
    static let sql: SQL = SignInFlow.select + " FROM sign_in_flows WHERE token_hash = ?"

    let handle: TokenHash

    func bind(to parameters: inout Parameters) {
        parameters.append(handle)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> SignInFlow {
        try SignInFlow(from: &columns)
    }
}

/// Writes how far a flow has come.
struct UpdateFlow: Statement {
    static let sql: SQL = """
        UPDATE sign_in_flows SET state = ?, identifier_kind = ?, identifier_value = ?, identifier_canonical = ?,
            factors = ?, user_id = ?, device_id = ?, source_address = ?, user_agent = ?,
            device_token_hashes = ?, external_session = ?
        WHERE id = ?
        """

    let flow: SignInFlow
    /// The user who was signed in, at the end.
    let signedIn: UserID?

    func bind(to parameters: inout Parameters) {
        parameters.append(flow.phase.rawValue)
        parameters.append(flow.identifier?.kind.rawValue)
        parameters.append(flow.identifier?.value)
        parameters.append(flow.identifier?.canonical)
        parameters.append(Factor.text(of: flow.factors))
        parameters.append(signedIn ?? flow.confirming?.user)
        parameters.append(flow.deviceID)
        parameters.append(flow.client.source?.description)
        parameters.append(flow.client.userAgent)
        parameters.append(flow.client.devices.storedHashes)
        parameters.append(flow.externalSession.map { Array($0.utf8) })
        parameters.append(flow.id)
    }
}

extension SignInFlow {
    /// The columns that `init(from:)` reads.
    fileprivate static let select: SQL = """
        SELECT id, caller_id, state, identifier_kind, identifier_value, identifier_canonical, wanted_level, factors,
            return_target, languages, expires_at, user_id, session_id, device_id, source_address, user_agent,
            device_token_hashes, external_session
        """

    fileprivate init(from columns: inout Columns) throws(DatabaseError) {
        id = try columns.next(FlowID.self)
        callerID = try columns.next(ServiceAccountID.self)
        phase = try Self.value(from: &columns, SignInPhase.init(rawValue:), wanted: "phase of a sign-in")
        let kind = try columns.nextOptional(UInt8.self).flatMap(IdentifierKind.init(rawValue:))
        let value = try columns.nextOptional(String.self)
        let canonical = try columns.nextOptional([UInt8].self)
        if let kind, let value, let canonical {
            identifier = Identifier(kind: kind, value: value, canonical: canonical)
        }
        demand = AssuranceDemand(stored: try columns.next())
        let factorsColumn = columns.position
        guard let factors = Factor.factors(from: try columns.next(String.self)) else {
            throw columns.mismatch(at: factorsColumn, wanted: "list of proofs")
        }
        self.factors = factors
        returnTarget = try columns.next(String.self)
        languages = try columns.next(String.self)
        expiresAt = try columns.next(Timestamp.self)
        let user = try columns.nextOptional(UserID.self)
        let session = try columns.nextOptional(SessionID.self)
        if let session {
            // Without its user, as an older version writes it, nothing may come of it.
            if let user { confirming = Confirming(session: session, user: user) } else { phase = .ended }
        }
        deviceID = try columns.nextOptional(DeviceID.self)
        client.source = try columns.nextOptional(String.self).flatMap { SourceAddress($0) }
        client.userAgent = try columns.next(String.self)
        client.devices = DeviceTokens(storedHashes: try columns.nextOptional([UInt8].self) ?? [])
        externalSession = try columns.nextOptional([UInt8].self).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func value<T>(
        from columns: inout Columns,
        _ make: (UInt8) -> T?,
        wanted: String
    ) throws(DatabaseError) -> T {
        let column = columns.position
        guard let value = make(try columns.next(UInt8.self)) else { throw columns.mismatch(at: column, wanted: wanted) }
        return value
    }
}

extension AssuranceDemand {
    /// As the column `wanted_level` has it: 1 is level 1, which is nothing, 2 is level 2, and 3 is a passkey.
    fileprivate var stored: UInt8 {
        switch self {
        case .nothing: 0
        case .aal2: 2
        case .passkey: 3
        }
    }

    /// Whatever is stored that is not understood demands the most.
    fileprivate init(stored: UInt8) {
        switch stored {
        case 0, 1: self = .nothing
        case 2: self = .aal2
        default: self = .passkey
        }
    }
}
