internal import HTTPExchange
internal import Vocabulary

/// Reads texts, flags and files out of a kubeconfig's entry.
struct KubeconfigReader {
    let entry: Kubeconfig.Entry
    let read: (String) throws -> [UInt8]

    func text(_ key: String) -> String? { entry.body[key]?.text.flatMap { $0.isEmpty ? nil : $0 } }

    func flag(_ key: String) -> Bool { entry.body[key]?.json.bool ?? false }

    /// `KEY-data` in Base64, else the file that `KEY` names.
    func content(_ key: String) throws(AccessFault) -> [UInt8]? {
        if let node = entry.body[key + "-data"], let text = node.text, !text.isEmpty {
            guard let bytes = Base64.decodeLoosely(text) else {
                throw .unreadable("“\(key)-data” is no Base64", node.mark, fix: "copy it again, or name a file")
            }
            return bytes
        }
        guard let path = text(key) else { return nil }
        return try file(path)
    }

    func file(_ path: String) throws(AccessFault) -> [UInt8] {
        let full = absolute(path)
        do {
            return try read(full)
        } catch {
            throw .noFile(full, (error as? any ActionableError)?.report.what ?? "\(error)")
        }
    }

    func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : entry.folder + "/" + path }
}

/// The `cluster` of an entry.
struct KubeconfigCluster {
    private let reader: KubeconfigReader

    init(_ entry: Kubeconfig.Entry, _ read: @escaping (String) throws -> [UInt8]) {
        reader = KubeconfigReader(entry: entry, read: read)
    }

    func access(named name: String) throws(AccessFault) -> ClusterAccess {
        guard let server = reader.text("server") else {
            throw .unreadable(
                "the cluster “\(name)” has no server",
                reader.entry.body.mark,
                fix: "give its https:// address"
            )
        }
        guard let origin = Self.origin(server) else {
            let mark = reader.entry.body["server"]?.mark ?? reader.entry.body.mark
            throw .notSupported(
                "the server “\(server)” is no address of an API server",
                mark,
                fix: "write https://HOST:PORT without a path"
            )
        }
        var tls = TLSSettings(authorities: try reader.content("certificate-authority"))
        tls.verifiesServer = !reader.flag("insecure-skip-tls-verify")
        tls.serverName = reader.text("tls-server-name")
        return ClusterAccess(origin: origin, tls: tls, proxy: reader.text("proxy-url"), clusterName: name)
    }

    /// Without a trailing slash; nil for other schemes and for servers behind a path.
    private static func origin(_ server: String) -> String? {
        guard let scheme = ["https://", "http://"].first(where: server.hasPrefix) else { return nil }
        let rest = server.dropFirst(scheme.count)
        let host = rest.hasSuffix("/") ? rest.dropLast() : rest
        guard !host.isEmpty, host.utf8.allSatisfy({ (0x21...0x7e).contains($0) && !"/?#@\\".utf8.contains($0) }) else {
            return nil
        }
        return scheme + host
    }
}

/// The `user` of an entry.
struct KubeconfigUser {
    private let reader: KubeconfigReader

    init(_ entry: Kubeconfig.Entry, _ read: @escaping (String) throws -> [UInt8]) {
        reader = KubeconfigReader(entry: entry, read: read)
    }

    func apply(to access: inout ClusterAccess) throws(AccessFault) {
        try refuseOldWays()
        access.tls.certificate = try reader.content("client-certificate")
        access.tls.key = try reader.content("client-key").map { Secret(String(decoding: $0, as: UTF8.self)) }
        access.credential = try credential(for: access)
    }

    /// In kubectl's order: a token, its file, then a program.
    private func credential(for access: ClusterAccess) throws(AccessFault) -> ClusterAccess.Credential {
        if let path = reader.text("tokenFile") { return .tokenFile(path: reader.absolute(path)) }
        if let token = reader.text("token") { return .token(Secret(token)) }
        guard let exec = reader.entry.body["exec"], !exec.json.isNull else { return .none }
        return .command(try command(exec, access))
    }

    private func command(_ node: DocumentNode, _ access: ClusterAccess) throws(AccessFault) -> ExecCommand {
        guard let command = node["command"]?.text, !command.isEmpty else {
            throw .unreadable("“exec” has no command", node.mark, fix: "name the program")
        }
        let version = node["apiVersion"]?.text ?? ""
        guard ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"].contains(version) else {
            let mark = node["apiVersion"]?.mark ?? node.mark
            throw .notSupported(
                "“exec” speaks “\(version)”",
                mark,
                fix: "update the program; v1 and v1beta1 are understood"
            )
        }
        if node["interactiveMode"]?.text == "Always" {
            throw .notSupported("“\(command)” wants to ask somebody", node.mark, fix: "use one that needs no terminal")
        }
        var environment: [String: String] = [:]
        for variable in node["env"]?.sequence ?? [] {
            if let name = variable["name"]?.text { environment[name] = variable["value"]?.text ?? "" }
        }
        // A path with a slash starts from the kubeconfig's folder; a bare name is looked for on PATH.
        let program = command.contains("/") ? reader.absolute(command) : command
        return ExecCommand(
            apiVersion: version,
            command: program,
            arguments: (node["args"]?.sequence ?? []).compactMap(\.text),
            environment: environment,
            clusterInfo: node["provideClusterInfo"]?.json.bool == true ? Self.info(access) : nil
        )
    }

    private static func info(_ access: ClusterAccess) -> JSONValue {
        var info: JSONObject = ["server": .string(access.origin)]
        info["tls-server-name"] = access.tls.serverName.map(JSONValue.string)
        info["certificate-authority-data"] = access.tls.authorities.map { .string(Base64.encode($0)) }
        if !access.tls.verifiesServer { info["insecure-skip-tls-verify"] = true }
        return .object(info)
    }

    private func refuseOldWays() throws(AccessFault) {
        for (key, remedy) in [
            ("username", "use a token, a client certificate or an exec program: clusters take no passwords since 1.19"),
            ("auth-provider", "use an exec program, such as aws eks get-token"),
            ("as", "use credentials of that user: impersonation is not supported"),
        ] {
            guard let node = reader.entry.body[key], !node.json.isNull else { continue }
            throw .notSupported("the user has “\(key)”", node.mark, fix: remedy)
        }
    }
}
