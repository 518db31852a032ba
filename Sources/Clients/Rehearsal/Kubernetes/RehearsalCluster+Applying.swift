internal import HTTPExchange
internal import KubernetesAPI
internal import Vocabulary

extension RehearsalCluster {
    /// Server-side apply; the body is JSON (a client that writes YAML is not rehearsed).
    mutating func apply(_ write: inout ClusterWrite, _ name: String) throws(StatusAnswer) -> HTTPResponse {
        let served = write.served
        let config = try applied(&write, name)
        let key = key(write.call, served, name)
        let old = objects[key]
        if let old {
            let version = config.resourceVersion
            guard version.isEmpty || version == old.resourceVersion else { throw .stale(served, name) }
        } else {
            try checkNamespace(write.call, served, name)
        }
        let uid = config.uid
        guard uid.isEmpty || uid == old?.uid else {
            let why = "uid mismatch: the provided object specified uid \(uid), and no existing object was found"
            throw .conflict("\(served.qualified) \"\(name)\"", served.details(name), why)
        }
        let base = old ?? ["apiVersion": .string(served.resource.apiVersion), "kind": .string(served.resource.kind)]
        var fields = ManagedFields(base)
        let force = ["true", "1"].contains(write.call.value("force") ?? "")
        let merged = try fields.apply(config, to: base, write, force: force)
        let stored = try store(merged, at: key, over: old, write, ownership: fields)
        return Self.ok(stored, status: old == nil ? 201 : 200, warnings: write.warnings)
    }

    private func applied(_ write: inout ClusterWrite, _ name: String) throws(StatusAnswer) -> JSONValue {
        let served = write.served
        let config: JSONValue
        do { config = try JSONReader.parse(write.call.body) } catch {
            throw .badRequest("error decoding YAML: \(error.report.what)")
        }
        guard let apiVersion = config["apiVersion"]?.nonBlank, let kind = config["kind"]?.nonBlank else {
            throw .badRequest("invalid object type: /, Kind=")
        }
        guard kind == served.resource.kind, apiVersion == served.resource.apiVersion else {
            throw .badRequest("invalid object type: \(apiVersion), Kind=\(kind)")
        }
        if config.metadata["managedFields"] != nil { throw .badRequest("metadata.managedFields must be nil") }
        guard config.objectName.isEmpty || config.objectName == name else {
            let found = config.objectName
            throw .badRequest("the name of the object (\(found)) does not match the name on the URL (\(name))")
        }
        try checkDeclared(config, served, name)
        return try write.decode(config, repeated: [])
    }

    /// An apply with an unknown field fails without a reason, as it does on a real server.
    private func checkDeclared(_ config: JSONValue, _ served: ServedResource, _ name: String) throws(StatusAnswer) {
        var reading = SchemaReading()
        _ = reading.read(config, served.isCustom ? .any : BuiltInSchemas.schema(of: served))
        var unknown = reading.unknown
        if let schema = served.schema {
            var structure = StructuralSchema()
            _ = structure.read(config, schema)
            unknown += structure.unknown
        }
        guard let field = unknown.first else { return }
        throw StatusAnswer(
            500,
            "",
            "failed to create typed patch object (/\(name); \(served.resource.apiVersion), "
                + "Kind=\(served.resource.kind)): .\(field): field not declared in schema"
        )
    }
}
