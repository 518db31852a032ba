package import KubernetesAPI

extension RehearsalCluster {
    /// Serves a custom kind without a schema, as if its definition were installed.
    package mutating func serve(_ resource: KubernetesResource) {
        guard served.find(group: resource.group, version: resource.version, plural: resource.plural) == nil else {
            return
        }
        served.add(ServedResource(resource: resource, isCustom: true))
    }
}
