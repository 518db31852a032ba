package import Playbooks

/// All actions of this build.
package enum Catalogue {
    /// In alphabetical order.
    package static let manifests: [ActionManifest] = []
}
