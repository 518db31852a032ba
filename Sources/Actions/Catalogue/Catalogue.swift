package import Playbooks

/// All actions of this version.
package enum Catalogue {
    package static let all: [CataloguedAction] = []

    package static let manifests: [ActionManifest] = all.map(\.manifest)
}
