import MariaDB

// Reads what a request gives for an application; problems name their field.
extension ApplicationChanges {
    /// The fields in checked form.
    struct Checked: Sendable {
        var name: UniqueName?
        var redeemer: Redeemer?
        var returnAddresses: [String]?
        var signedOutAddresses: [String]?
        var claimScopes: [String]?
        var demand: AssuranceDemand?
        var allowsMissingChallenge: Bool?
        var isDisabled: Bool?
    }

    func checked() throws(FlowError) -> Checked {
        Checked(
            name: try name.map { text throws(FlowError) in try UniqueName.checked(text) },
            redeemer: redeemer,
            returnAddresses: try returnAddresses.map { texts throws(FlowError) in
                guard !texts.isEmpty else {
                    throw .invalid("return_addresses", .fieldRequired, "at least one address is needed")
                }
                return try Self.addresses(texts, "return_addresses")
            },
            signedOutAddresses: try signedOutAddresses.map { texts throws(FlowError) in
                try Self.addresses(texts, "signed_out_addresses")
            },
            claimScopes: try claimScopes.map { names throws(FlowError) in try Self.scopes(names) },
            demand: demand,
            allowsMissingChallenge: allowsMissingChallenge,
            isDisabled: isDisabled
        )
    }

    private static func addresses(_ texts: [String], _ field: String) throws(FlowError) -> [String] {
        guard texts.count <= 16, Set(texts.map { Array($0.utf8) }).count == texts.count else {
            throw .invalid(field, .fieldInvalid, "at most 16 addresses, each once")
        }
        for (index, text) in texts.enumerated() where ApplicationAddress(text) == nil {
            throw .invalid("\(field)[\(index)]", .fieldInvalid, ApplicationAddress.rule)
        }
        return texts
    }

    private static func scopes(_ names: [String]) throws(FlowError) -> [String] {
        guard names.count <= 30 else { throw .invalid("claim_scopes", .fieldTooLong, "at most 30 scopes") }
        // The rule for scopes is that of those who ask for claims.
        do throws(FlowError) {
            try ClaimsRequest(user: .zero, scopes: names).validate()
        } catch {
            throw .invalid("claim_scopes", .fieldInvalid, "each scope has 1 to 100 visible ASCII characters")
        }
        return names
    }
}

extension Application {
    init(_ checked: ApplicationChanges.Checked, id: ApplicationID, at now: Timestamp) {
        self.init(
            id: id,
            name: "",
            serviceAccountID: nil,
            returnAddresses: [],
            signedOutAddresses: [],
            claimScopes: [],
            demand: .nothing,
            allowsMissingChallenge: false,
            isDisabled: false,
            revision: 1,
            createdAt: now,
            updatedAt: now
        )
        apply(checked)
    }

    /// Writes the fields that are given.
    mutating func apply(_ checked: ApplicationChanges.Checked) {
        if let name = checked.name { self.name = name.value }
        switch checked.redeemer {
        case nil: break
        case .nobody: serviceAccountID = nil
        case .account(let account): serviceAccountID = account
        }
        if let returnAddresses = checked.returnAddresses { self.returnAddresses = returnAddresses }
        if let signedOutAddresses = checked.signedOutAddresses { self.signedOutAddresses = signedOutAddresses }
        if let claimScopes = checked.claimScopes { self.claimScopes = claimScopes }
        if let demand = checked.demand { self.demand = demand }
        if let allowsMissingChallenge = checked.allowsMissingChallenge {
            self.allowsMissingChallenge = allowsMissingChallenge
        }
        if let isDisabled = checked.isDisabled { self.isDisabled = isDisabled }
    }

    /// What the audit trail keeps of a change; the addresses of programs are no personal data.
    var auditDetails: [String: String] {
        [
            "name": name, "demand": "\(demand)", "disabled": "\(isDisabled)",
            "service_account_id": serviceAccountID?.description ?? "",
            "return_addresses": returnAddresses.joined(separator: " "),
            "allows_missing_challenge": "\(allowsMissingChallenge)",
        ]
    }

    /// Whether sign-ins are handed to it at all.
    var isServed: Bool { !isDisabled && serviceAccountID != nil }

    /// Whether a sign-in may lead to this address (SECURITY WEB-02).
    func returns(to address: String) -> Bool { returnAddresses.contains { $0.utf8.elementsEqual(address.utf8) } }
}
