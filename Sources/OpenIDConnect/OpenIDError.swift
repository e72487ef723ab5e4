package import OutboundHTTP

/// Why a provider's part of a sign-in is not taken; holds nothing that the provider sent.
package struct OpenIDError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The rule that was broken.
    package enum Code: String, Sendable, CaseIterable {
        // What the provider cannot be asked
        case unreachable, badStatus
        // The discovery document
        case documentMalformed, documentIssuerWrong, endpointMissing, endpointRefused
        case codeFlowMissing, challengeMethodMissing, algorithmsUnfit
        // Keys
        case keysMalformed, keyUnknown, clientKeyUnfit
        // What the browser brought back
        case callbackMalformed, callbackIssuerMissing, callbackIssuerWrong, providerRefused
        // What the token endpoint answered
        case tokenRefused, tokenAnswerMalformed, tokenMissing
        // The form and signature of a token
        case tokenMalformed, tokenCritical, tokenTypeWrong, algorithmRefused, signatureWrong
        // Its claims
        case claimsMalformed, issuerWrong, audienceWrong, partyWrong, expiryMissing, expired, notYetValid
        case issueTimeWrong, nonceWrong, subjectWrong, hashWrong, authenticationTooOld
        // What else is told of a person
        case profileMalformed, profileSubjectWrong
        // Logout tokens
        case eventMissing, nonceForbidden, tokenIDMissing, sessionMissing
    }

    package let code: Code
    /// Why no answer came, where that is the reason.
    package let cause: OutboundError?
    /// The status of an answer that is none, where that is the reason.
    package let status: Int?

    package init(_ code: Code, status: Int? = nil) { (self.code, cause, self.status) = (code, nil, status) }

    package init(_ cause: OutboundError) { (code, self.cause, status) = (.unreachable, cause, nil) }

    /// Whether the provider, and not what somebody brought, is the reason: the same may work later.
    package var isOutage: Bool { code == .unreachable || code == .badStatus && (status ?? 0) >= 500 }
}

extension OpenIDError {
    /// One sentence for whoever administers the provider.
    package var description: String {
        switch code {
        case .unreachable: cause?.description ?? "the provider cannot be reached"
        case .badStatus: "the provider answers with status \(status ?? 0)"
        case .documentMalformed: "the discovery document is not one JSON object with the members that it must have"
        case .documentIssuerWrong: "the issuer in the discovery document is not, to the byte, the one of the settings"
        case .endpointMissing: "the discovery document lacks an endpoint that is needed"
        case .endpointRefused: "an endpoint is not an https address on the issuer's host or one of endpoint_hosts"
        case .codeFlowMissing: "the provider does not offer the authorization code flow"
        case .challengeMethodMissing: "the provider offers PKCE without S256"
        case .algorithmsUnfit: "the provider signs with none of the algorithms of the settings"
        case .keysMalformed: "the key set is not a JSON Web Key Set with at least one key that can be used"
        case .keyUnknown: "no key of the provider fits the token"
        case .clientKeyUnfit: "the client's own private key does not fit the algorithm, or is missing"
        case .callbackMalformed: "the browser came back without the parameters that it must bring"
        case .callbackIssuerMissing: "the provider promised the parameter iss and did not send it"
        case .callbackIssuerWrong: "the browser came back from another issuer"
        case .providerRefused: "the provider reported an error instead of a code"
        case .tokenRefused: "the token endpoint refused the code or the client's credentials"
        case .tokenAnswerMalformed: "the token endpoint's answer is not the JSON it must be"
        case .tokenMissing: "the token endpoint's answer has no ID token"
        case .tokenMalformed: "the token is not a signed JWT in compact form"
        case .tokenCritical: "the token demands an extension that is not known"
        case .tokenTypeWrong: "the token is of another type"
        case .algorithmRefused: "the token's algorithm is not one of the settings"
        case .signatureWrong: "the signature of the token is wrong"
        case .claimsMalformed: "a claim of the token is missing or of another type"
        case .issuerWrong: "the token is from another issuer"
        case .audienceWrong: "the token is not for this client"
        case .partyWrong: "the token was issued to another party"
        case .expiryMissing: "the token never expires"
        case .expired: "the token has expired"
        case .notYetValid: "the token is not valid yet"
        case .issueTimeWrong: "the token was issued before the sign-in began, or in the future"
        case .nonceWrong: "the token's nonce is not the one of this sign-in"
        case .subjectWrong: "the subject is missing, or not 1 to 255 ASCII characters"
        case .hashWrong: "the token belongs to another code or access token"
        case .authenticationTooOld: "the person did not sign in at the provider anew, as was asked for"
        case .profileMalformed: "what the provider tells of the person is not one JSON object"
        case .profileSubjectWrong: "what the provider tells is about somebody else"
        case .eventMissing: "the token is not about a logout"
        case .nonceForbidden: "a logout token has a nonce, which it must not"
        case .tokenIDMissing: "the token has no identifier of its own"
        case .sessionMissing: "the token says neither whose sessions nor which one is over"
        }
    }
}
