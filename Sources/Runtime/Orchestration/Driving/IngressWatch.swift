internal import Catalogue
internal import Planning
internal import Synchronization
internal import Vocabulary

/// Looks from here whether a pod takes connections: once before it is cut off, and again after.
///
/// Only a step that is carried out looks; a plan never touches the pod. Each look asks all ports at once and is bounded.
final class IngressWatch: Sendable {
    /// A pod in reach answers within milliseconds, and containment waits for this look.
    private static let controlLimit = Duration.milliseconds(300)
    private static let limit = Duration.seconds(1)
    /// Between looks: a plugin takes a moment to put a policy in force.
    private static let pauses: [Duration] = [.zero, .seconds(1), .seconds(2), .seconds(4)]

    private let prober: PortProber?
    private let clock: any RunClock
    private let ownNode: String?
    /// What could be reached before the run's first change: later attempts are held to it.
    private let controls = Mutex<[ProbeTarget: IngressProbe]>([:])

    /// `ownNode`: the node that this process runs on; nil when nobody said.
    init(prober: PortProber?, clock: any RunClock, ownNode: String?) {
        self.prober = prober
        self.clock = clock
        self.ownNode = ownNode
    }

    /// What could be reached before the pod was cut off; nil when nothing could, so that there is nothing to look at again.
    func control(_ plan: ActionPlan) async -> IngressProbe? {
        guard let prober, let target = plan.probe, target.node != ownNode else { return nil }
        if let earlier = control(of: target) { return earlier }
        // Without a look before, as after a crash: no port is known to have been open, so each is asked afterwards.
        guard !plan.changes.isEmpty else { return IngressProbe(target: target, before: [:]) }
        let probe = IngressProbe(
            target: target,
            before: await prober(target.address, target.ports, Self.controlLimit)
        )
        guard !probe.controls.isEmpty else { return nil }
        controls.withLock { $0[target] = probe }
        return probe
    }

    /// What an earlier attempt of the run could reach.
    private func control(of target: ProbeTarget) -> IngressProbe? { controls.withLock { $0[target] } }

    /// Looks at what was open until nothing takes a connection, or the time is over.
    func settled(_ control: IngressProbe, until deadline: Timestamp?) async -> IngressProbe {
        guard let prober else { return control }
        var probe = control
        for pause in Self.pauses {
            let start = clock.now().advanced(by: pause)
            if let deadline, start >= deadline { return probe }
            if pause > .zero { await clock.pass(pause) }
            let ports = probe.before.isEmpty ? probe.target.ports : probe.controls
            probe.after = await prober(probe.target.address, ports, Self.limit)
            if probe.accepting.isEmpty { return probe }
        }
        return probe
    }
}
