package import Cryptography
import MariaDB

/// The sign-in engine: walks a flow from nothing to a session, the same for the site and for RPC.
package struct SignInFlows: Sendable {
    /// Starts a flow; with an identifier it sends the first code.
    package func begin(_ request: SignInRequest, _ context: CallContext) async throws(FlowError) -> StartedSignIn {
        fatalError()
    }

    /// Where a flow stands; `flow_ended` when the handle is unknown, over, or another caller's.
    package func view(_ handle: SecretBytes, _ context: CallContext) async throws(FlowError) -> SignInView {
        fatalError()
    }

    /// Says who wants to sign in and sends the first code.
    package func identify(
        _ handle: SecretBytes,
        identifier: String,
        _ context: CallContext
    ) async throws(FlowError) -> SignInView {
        fatalError()
    }

    /// Sends a new code; the one before is void.
    package func sendCode(_ handle: SecretBytes, _ context: CallContext) async throws(FlowError) -> SignInView {
        fatalError()
    }

    /// Checks a code.
    package func submitCode(
        _ handle: SecretBytes,
        code: SecretBytes,
        _ context: CallContext
    ) async throws(FlowError) -> SignInOutcome {
        fatalError()
    }

    /// Ends a flow; cancelling an ended flow succeeds.
    package func cancel(_ handle: SecretBytes, _ context: CallContext) async throws(FlowError) {
        fatalError()
    }
}
