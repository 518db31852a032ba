package import Vocabulary

/// Why a document cannot be part of a rehearsal world.
package enum WorldFault: ActionableError, Hashable {
    case notAnObject(index: Int)
    case noKind(index: Int)
    case noName(kind: String, index: Int)
    case repeated(kind: String, name: String)
    case tooMany(limit: Int)

    package var report: FaultReport {
        switch self {
        case .notAnObject(let index):
            FaultReport(
                code: "WORLD-001",
                what: "a document of the world is no Kubernetes object",
                location: "document \(index + 1)",
                remedy: "give the output of kubectl get … -o yaml, objects or lists of them"
            )
        case .noKind(let index):
            FaultReport(
                code: "WORLD-002",
                what: "an object has no apiVersion or no kind",
                location: "document \(index + 1)",
                remedy: "dump it with kubectl get … -o yaml, which writes both"
            )
        case .noName(let kind, let index):
            FaultReport(
                code: "WORLD-003",
                what: "a \(kind) has no valid metadata.name",
                location: "document \(index + 1)",
                remedy: "dump stored objects, not templates with generateName"
            )
        case .repeated(let kind, let name):
            FaultReport(
                code: "WORLD-004",
                what: "the world holds \(kind) \(name) twice",
                location: "\(kind) \(name)",
                remedy: "load each object once, from one dump"
            )
        case .tooMany(let limit):
            FaultReport(
                code: "WORLD-005",
                what: "the world holds more than \(limit) objects",
                remedy: "dump only the namespaces that the rehearsal needs"
            )
        }
    }
}
