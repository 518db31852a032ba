package import Playbooks

/// All actions of this version.
package enum Catalogue {
    package static let all: [CataloguedAction] = [
        CataloguedAction(SnapshotVolumes.self),
        CataloguedAction(IsolatePod.self),
        CataloguedAction(CordonNode.self),
        CataloguedAction(UpdateFinding.self),
    ]

    package static let manifests: [ActionManifest] = all.map(\.manifest)
}
