internal import HTTPExchange
internal import KubernetesAPI
internal import Vocabulary

/// A write on its way: what is asked, of which kind, when, and whether it is only rehearsed.
struct ClusterWrite {
    var call: ClusterCall
    var served: ServedResource
    var now: Timestamp
    var isDryRun: Bool
    var warnings: [String] = []

    init(_ call: ClusterCall, _ served: ServedResource, _ now: Timestamp) throws(StatusAnswer) {
        self.call = call
        self.served = served
        self.now = now
        let options = Self.optionsKind(call)
        let asked = call.values("dryRun")
        guard asked.allSatisfy({ $0 == "All" }) else {
            let message = "Unsupported value: [\"\(asked.first ?? "")\"]: supported values: \"All\""
            throw .invalidOptions(options, .init("FieldValueNotSupported", message, field: "dryRun"))
        }
        isDryRun = !asked.isEmpty
        try checkManager(options)
        if let validation = call.value("fieldValidation"), !["", "Strict", "Warn", "Ignore"].contains(validation) {
            let message =
                "Unsupported value: \"\(validation)\": supported values: \"Ignore\", \"Strict\", \"Warn\""
            throw .invalidOptions(options, .init("FieldValueNotSupported", message, field: "fieldValidation"))
        }
    }

    private static func optionsKind(_ call: ClusterCall) -> String {
        switch call.method {
        case "POST": "CreateOptions"
        case "PUT": "UpdateOptions"
        case "PATCH": "PatchOptions"
        default: "DeleteOptions"
        }
    }

    private func checkManager(_ options: String) throws(StatusAnswer) {
        let manager = call.value("fieldManager") ?? ""
        if manager.utf8.count > 128 {
            let message = "Too long: may not be more than 128 bytes"
            throw .invalidOptions(options, .init("FieldValueTooLong", message, field: "fieldManager"))
        }
        guard call.method == "PATCH" else { return }
        if call.isApply, manager.isEmpty {
            let message = "Required value: is required for apply patch"
            throw .invalidOptions(options, .init("FieldValueRequired", message, field: "fieldManager"))
        }
        if !call.isApply, call.value("force") != nil {
            let message = "Forbidden: may not be specified for non-apply patch"
            throw .invalidOptions(options, .init("FieldValueForbidden", message, field: "force"))
        }
    }
}

extension ClusterWrite {
    /// The object in a body, decoded by its schema: unknown fields dropped and told, wrong types refused.
    mutating func decodeBody() throws(StatusAnswer) -> JSONValue {
        guard ["", "application/json"].contains(call.contentType) else {
            throw .mediaType(accepted: ["application/json"])
        }
        let kind = served.resource.kind
        let body: JSONValue
        do { body = try JSONReader.parse(call.body) } catch {
            let why = call.body.isEmpty ? "unexpected end of JSON input (<empty>)" : error.report.what
            throw .badRequest(
                "the object provided is unrecognized (must be of type \(kind)): couldn't get version/kind; "
                    + "json parse error: \(why)"
            )
        }
        guard var members = body.object else {
            throw .badRequest("the object provided is unrecognized (must be of type \(kind))")
        }
        try checkKind(members)
        members["kind"] = .string(kind)
        members["apiVersion"] = .string(served.resource.apiVersion)
        let object = try decode(.object(members), repeated: RepeatedKeys(call.body).paths)
        try checkPlace(object)
        return object
    }

    private func checkKind(_ members: JSONObject) throws(StatusAnswer) {
        let kind = members["kind"]?.nonBlank ?? served.resource.kind
        let apiVersion = members["apiVersion"]?.nonBlank ?? served.resource.apiVersion
        guard kind != served.resource.kind || apiVersion != served.resource.apiVersion else { return }
        let version = apiVersion.split(separator: "/").last.map(String.init) ?? apiVersion
        throw .badRequest(
            "\(kind) in version \"\(version)\" cannot be handled as a \(served.resource.kind): "
                + "no kind \"\(kind)\" is registered for version \"\(apiVersion)\""
        )
    }

    func checkPlace(_ object: JSONValue) throws(StatusAnswer) {
        let namespace = object.metadata["namespace"]?.nonBlank
        if let namespace, served.resource.isNamespaced, namespace != call.namespace {
            throw .badRequest("the namespace of the provided object does not match the namespace sent on the request")
        }
        if let name = call.name, !object.objectName.isEmpty, object.objectName != name {
            throw .badRequest(
                "the name of the object (\(object.objectName)) does not match the name on the URL (\(name))"
            )
        }
    }

    /// Reads an object by its schema.
    mutating func decode(_ object: JSONValue, repeated: [String]) throws(StatusAnswer) -> JSONValue {
        guard object.object != nil else { throw undecodable("json: cannot unmarshal into an object") }
        var faults = repeated.map { "duplicate field \"\($0)\"" }
        let kept: JSONValue
        var reading = SchemaReading()
        if let schema = served.schema {
            var structure = StructuralSchema()
            kept = structure.read(object, schema)
            faults = structure.unknown.map { "unknown field \"\($0)\"" } + faults
            guard structure.causes.isEmpty else { throw .invalid(served, object.objectName, structure.causes) }
            _ = reading.read(object.metadata, BuiltInSchemas.metadata, "metadata")
        } else {
            let schema = BuiltInSchemas.schema(of: served)
            kept = reading.read(object, schema)
            if case .any = schema { _ = reading.read(object.metadata, BuiltInSchemas.metadata, "metadata") }
        }
        faults = reading.unknown.map { "unknown field \"\($0)\"" } + faults
        if let mismatch = reading.mismatch { throw undecodable(mismatch) }
        guard faults.isEmpty || call.ignoresUnknownFields else {
            if call.isStrict { throw undecodable("strict decoding error: \(faults.joined(separator: ", "))") }
            warnings += faults
            return kept
        }
        return kept
    }

    private func undecodable(_ why: String) -> StatusAnswer {
        if call.method == "PATCH" { return .undecodablePatch(why) }
        let kind = served.resource.kind
        return .badRequest(
            "\(kind) in version \"\(served.resource.version)\" cannot be handled as a \(kind): \(why)"
        )
    }
}
