internal import HTTPExchange
internal import KubernetesAPI
internal import Vocabulary

extension RehearsalCluster {
    mutating func patch(
        _ call: ClusterCall,
        _ served: ServedResource,
        _ name: String,
        _ now: Timestamp
    ) throws(StatusAnswer) -> HTTPResponse {
        let kinds = [
            "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json",
        ]
        guard call.isApply || kinds.contains(call.contentType) else {
            throw StatusAnswer(415, "UnsupportedMediaType", "415: Unsupported Media Type", details: [:])
        }
        if served.isCustom, call.contentType == kinds[2] {
            throw .mediaType(accepted: [kinds[0], kinds[1], "application/apply-patch+yaml"])
        }
        var write = try ClusterWrite(call, served, now)
        if call.isApply { return try apply(&write, name) }
        let key = key(call, served, name)
        guard let old = objects[key] else { throw notFound(served, name) }
        let patched = try Self.patched(RehearsalCluster.typed(old, served), write)
        let new = try write.decode(patched, repeated: RepeatedKeys(call.body).paths)
        try write.checkPlace(new)
        try checkVersion(new, old, served, name, isUpdate: false)
        guard new.uid == old.uid else { throw Self.immutableUID(new.uid, served, name) }
        let stored = try store(Self.withStatus(new, old, call, served), at: key, over: old, write)
        return Self.ok(stored, warnings: write.warnings)
    }

    private static func patched(_ old: JSONValue, _ write: ClusterWrite) throws(StatusAnswer) -> JSONValue {
        let isStrategic = write.call.contentType.contains("strategic")
        let prefix = isStrategic ? "" : "error decoding patch: "
        let patch: JSONValue
        do { patch = try JSONReader.parse(write.call.body) } catch {
            throw .badRequest(prefix + "unexpected end of JSON input")
        }
        if write.call.contentType == "application/json-patch+json" { return try jsonPatched(old, patch) }
        guard patch.object != nil else {
            let found = SchemaReading.name(of: patch)
            throw .badRequest(prefix + "json: cannot unmarshal \(found) into Go value of type map[string]interface {}")
        }
        return isStrategic ? StrategicMerge.apply(patch, to: old) : MergePatch.apply(patch, to: old)
    }

    private static func jsonPatched(_ old: JSONValue, _ patch: JSONValue) throws(StatusAnswer) -> JSONValue {
        do { return try JSONPatch.apply(patch, to: old) } catch {
            switch error {
            case .notAPatch:
                let found = SchemaReading.name(of: patch)
                throw .badRequest(
                    "error decoding patch: json: cannot unmarshal \(found) into Go value of type []handlers.jsonPatchOp"
                )
            case .tooLarge:
                let limit = JSONPatch.operationLimit
                let message = "The allowed maximum operations in a JSON patch is \(limit)"
                throw StatusAnswer(413, "RequestEntityTooLarge", message)
            case .unknownOperation, .badPointer, .missing, .testFailed: throw .failedPatch
            }
        }
    }

    private static func immutableUID(_ uid: String, _ served: ServedResource, _ name: String) -> StatusAnswer {
        let message = "Invalid value: \"\(uid)\": field is immutable"
        let cause = StatusAnswer.Cause("FieldValueInvalid", message, field: "metadata.uid")
        return .invalid(served, name, [cause, cause])
    }
}
