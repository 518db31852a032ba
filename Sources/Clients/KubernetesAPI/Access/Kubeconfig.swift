internal import Vocabulary
internal import YAMLTree

/// One or more kubeconfig files as one: of entries with the same name the first counts, as kubectl has it.
package struct Kubeconfig: Sendable {
    struct Entry: Sendable {
        var name: String
        /// The value of `cluster`, `user` or `context`.
        var body: DocumentNode
        /// The file's folder, which relative paths start from.
        var folder: String
    }

    private(set) var clusters: [Entry] = []
    private(set) var users: [Entry] = []
    private(set) var contexts: [Entry] = []
    package private(set) var currentContext: String?
    private let files: String

    /// `files`: path and content, in the order of `KUBECONFIG`.
    package init(_ files: [(path: String, bytes: [UInt8])]) throws(AccessFault) {
        self.files = files.map(\.path).joined(separator: ":")
        for (path, bytes) in files {
            let root: DocumentNode
            do {
                root = try YAMLTree.parse(bytes, file: path, limits: YAMLTree.Limits(bytes: 4 << 20))
            } catch {
                throw AccessFault(error.report)
            }
            let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
            clusters += try Self.entries(root["clusters"], "cluster", folder)
            users += try Self.entries(root["users"], "user", folder)
            contexts += try Self.entries(root["contexts"], "context", folder)
            if currentContext == nil, let name = root["current-context"]?.text, !name.isEmpty { currentContext = name }
        }
    }

    private static func entries(
        _ node: DocumentNode?,
        _ member: String,
        _ folder: String
    ) throws(AccessFault) -> [Entry] {
        guard let node, !node.json.isNull else { return [] }
        guard let elements = node.sequence else {
            throw .unreadable("“\(member)s” must be a list", node.mark, fix: "write a list of entries with a name")
        }
        var entries: [Entry] = []
        for element in elements {
            guard let name = element["name"]?.text, let body = element[member] else {
                let what = "an entry of “\(member)s” has no name or no “\(member)”"
                throw .unreadable(what, element.mark, fix: "give both")
            }
            entries.append(Entry(name: name, body: body, folder: folder))
        }
        return entries
    }

    /// The names of all contexts, for messages.
    package var contextNames: [String] { contexts.map(\.name) }

    /// The access of a context; nil is the current one.
    ///
    /// `read` gives the content of a file that an entry names.
    package func access(
        context name: String? = nil,
        read: @escaping (String) throws -> [UInt8]
    ) throws(AccessFault) -> ClusterAccess {
        guard let wanted = name ?? currentContext else {
            throw .noCluster("the kubeconfig names no current context")
        }
        let context = try Self.find(wanted, contexts, "context", files)
        let clusterName = context.body["cluster"]?.text ?? ""
        let cluster = try Self.find(clusterName, clusters, "cluster", files)
        var access = try KubeconfigCluster(cluster, read).access(named: clusterName)
        guard let userName = context.body["user"]?.text, !userName.isEmpty else { return access }
        let user = try Self.find(userName, users, "user", files)
        try KubeconfigUser(user, read).apply(to: &access)
        return access
    }

    private static func find(
        _ name: String,
        _ entries: [Entry],
        _ kind: String,
        _ file: String
    ) throws(AccessFault) -> Entry {
        guard let entry = entries.first(where: { $0.name == name }) else {
            throw .unknown(kind, name, known: entries.map(\.name), in: file)
        }
        return entry
    }
}

extension AccessFault {
    init(_ report: FaultReport) { self.report = report }
}
