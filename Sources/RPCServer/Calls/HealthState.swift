internal import Identity
internal import Synchronization

/// Whether calls are being served: the database answers and the server is not going down.
final class HealthState: Sendable {
    private let core: IdentityCore
    private let isDraining = Atomic<Bool>(false)

    init(core: IdentityCore) {
        self.core = core
    }

    var isServing: Bool { !isStopping && core.isReady }

    /// Whether the server is going down, for good.
    var isStopping: Bool { isDraining.load(ordering: .acquiring) }

    func beginDrain() {
        isDraining.store(true, ordering: .releasing)
    }
}
