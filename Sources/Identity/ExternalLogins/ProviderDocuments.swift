import MariaDB
import OpenIDConnect
import OutboundHTTP
import Synchronization

/// What this process remembers of providers: their endpoints and keys (SECURITY OI-08).
///
/// Each revision of a provider begins anew. Whoever needs what is being fetched waits for that one answer.
final class ProviderDocuments: Sendable {
    /// How long endpoints are remembered; in seconds.
    private static let lifetime: Int64 = 3600

    private struct Entry {
        let revision: UInt64
        var metadata: (value: ProviderMetadata, fetchedAt: Int64)?
        var keys = KeyCache()
        var isFetching = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private enum Step {
        case use([JSONWebKey])
        case fetch
        case wait
        case refuse(OpenIDError)
    }

    private let entries = Mutex<[ExternalProviderID: Entry]>([:])

    /// The endpoints of a provider; while it cannot be asked, those that it had.
    func metadata(
        of provider: ExternalProvider,
        _ client: ProviderClient,
        at now: Int64
    ) async throws(OpenIDError) -> ProviderMetadata {
        let known = entry(of: provider) { $0.metadata }
        if let known, (0..<Self.lifetime).contains(now - known.fetchedAt) { return known.value }
        do {
            let fresh = try await client.metadata()
            entry(of: provider) { $0.metadata = (fresh, now) }
            return fresh
        } catch {
            guard let known, error.isOutage, (0..<6 * Self.lifetime).contains(now - known.fetchedAt) else {
                throw error
            }
            return known.value
        }
    }

    /// The keys that a token may be signed with.
    func keys(
        for token: JSONWebToken,
        of provider: ExternalProvider,
        _ client: ProviderClient,
        _ metadata: ProviderMetadata,
        at now: Int64
    ) async throws(OpenIDError) -> [JSONWebKey] {
        // Once for those who asked before, once for ourselves, and once to see what came of it.
        for _ in 0..<3 {
            switch next(token, provider, now) {
            case .use(let keys): return keys
            case .refuse(let error): throw error
            case .wait: await waitForAnswer(about: provider)
            case .fetch: try await fetch(provider, client, metadata, now)
            }
        }
        throw OpenIDError(.keyUnknown)
    }

    private func next(_ token: JSONWebToken, _ provider: ExternalProvider, _ now: Int64) -> Step {
        entry(of: provider) { entry in
            let plan = entry.keys.plan(for: token, at: now)
            if case .use(let keys) = plan { return .use(keys) }
            if entry.isFetching { return .wait }
            switch plan {
            case .use(let keys): return .use(keys)
            case .unknown: return .refuse(OpenIDError(.keyUnknown))
            case .unavailable: return .refuse(OpenIDError(OutboundError(.unreachable)))
            case .fetch:
                entry.isFetching = true
                return .fetch
            }
        }
    }

    private func fetch(
        _ provider: ExternalProvider,
        _ client: ProviderClient,
        _ metadata: ProviderMetadata,
        _ now: Int64
    ) async throws(OpenIDError) {
        do {
            let keys = try await client.keys(metadata)
            end(provider) { $0.take(keys, at: now) }
        } catch {
            end(provider) { $0.fail(at: now) }
            // Old keys may do; the next look tells.
            guard error.isOutage else { throw error }
        }
    }

    private func end(_ provider: ExternalProvider, _ change: (inout KeyCache) -> Void) {
        let waiting = entry(of: provider) { entry in
            change(&entry.keys)
            entry.isFetching = false
            defer { entry.waiting = [] }
            return entry.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    private func waitForAnswer(about provider: ExternalProvider) async {
        await withCheckedContinuation { continuation in
            let isOver = entry(of: provider) { entry in
                if entry.isFetching { entry.waiting.append(continuation) }
                return !entry.isFetching
            }
            if isOver { continuation.resume() }
        }
    }

    private func entry<R>(of provider: ExternalProvider, _ body: (inout sending Entry) -> sending R) -> R {
        entries.withLock { entries in
            let found = entries[provider.id]
            var entry = found ?? Entry(revision: provider.revision)
            if entry.revision != provider.revision {
                // Those who wait for the old revision are let go on, and find nothing.
                for continuation in entry.waiting { continuation.resume() }
                entry = Entry(revision: provider.revision)
            }
            let result = body(&entry)
            entries[provider.id] = entry
            return result
        }
    }
}
