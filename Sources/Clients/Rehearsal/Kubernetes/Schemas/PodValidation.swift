internal import Vocabulary

/// The rules of a pod: what it needs, and how little of it can change.
enum PodValidation {
    typealias Cause = StatusAnswer.Cause

    static func causes(_ pod: JSONValue, over old: JSONValue?) -> [Cause] {
        guard let old else { return newCauses(pod["spec"] ?? .null) }
        guard frozen(pod) != frozen(old) else { return [] }
        let message =
            "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,"
            + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to "
            + "existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was "
            + "previously negative)"
        return [Cause("FieldValueForbidden", message, field: "spec")]
    }

    private static func newCauses(_ spec: JSONValue) -> [Cause] {
        let containers = spec["containers"]?.array ?? []
        guard !containers.isEmpty else { return [ObjectValidation.required("spec.containers")] }
        var causes: [Cause] = []
        for (index, container) in containers.enumerated() {
            let field = "spec.containers[\(index)]"
            let name = container["name"]?.string ?? ""
            if name.isEmpty {
                causes.append(ObjectValidation.required("\(field).name"))
            } else if !NameSyntax.isLabel(name) {
                let message = "Invalid value: \"\(name)\": a lowercase RFC 1123 label must consist of lower case "
                causes.append(
                    Cause("FieldValueInvalid", message + "alphanumeric characters or '-'", field: "\(field).name")
                )
            }
            if container["image"]?.nonBlank == nil { causes.append(ObjectValidation.required("\(field).image")) }
        }
        return causes
    }

    /// The spec without what may change.
    private static func frozen(_ pod: JSONValue) -> JSONValue {
        guard var spec = pod["spec"]?.object else { return .null }
        spec["activeDeadlineSeconds"] = nil
        spec["tolerations"] = nil
        for name in ["containers", "initContainers"] {
            guard let containers = spec[name]?.array else { continue }
            var bare: [JSONValue] = []
            for container in containers {
                var members = container.object ?? JSONObject()
                members["image"] = nil
                bare.append(.object(members))
            }
            spec[name] = .array(bare)
        }
        return .object(spec)
    }
}

/// The rules of a node: its taints, and its identity.
enum NodeValidation {
    typealias Cause = StatusAnswer.Cause
    private static let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]

    static func causes(_ node: JSONValue, over old: JSONValue?) -> [Cause] {
        var causes = taintCauses(node["spec"]?["taints"]?.array ?? [])
        // A real server runs these checks twice on an update and lists each cause twice.
        if old != nil { causes += causes }
        if let was = old?["spec"]?["providerID"]?.nonBlank, was != node["spec"]?["providerID"]?.string {
            let message = "Forbidden: node updates may not change providerID except from \"\" to valid"
            causes.append(Cause("FieldValueForbidden", message, field: "spec.providerID"))
        }
        return causes
    }

    private static func taintCauses(_ taints: [JSONValue]) -> [Cause] {
        var causes: [Cause] = []
        var seen: Set<String> = []
        for (index, taint) in taints.enumerated() {
            // The path is the real server's, though the list is in the spec.
            let field = "metadata.taints[\(index)]"
            let key = taint["key"]?.string ?? ""
            let effect = taint["effect"]?.string ?? ""
            if !NameSyntax.isLabelKey(key) {
                let message = "Invalid value: \"\(key)\": \(ObjectValidation.labelKeyRule)"
                causes.append(Cause("FieldValueInvalid", message, field: "\(field).key"))
            }
            if let value = taint["value"]?.string, !NameSyntax.isLabelValue(value) {
                let message = "Invalid value: \"\(value)\": \(ObjectValidation.labelValueRule)"
                causes.append(Cause("FieldValueInvalid", message, field: "\(field).value"))
            }
            if effect.isEmpty {
                causes.append(ObjectValidation.required("\(field).effect"))
            } else if !effects.contains(effect) {
                causes.append(ObjectValidation.unsupported(effect, effects, "\(field).effect"))
            } else if !seen.insert("\(key)\u{0}\(effect)").inserted {
                let message = "Duplicate value: \"\(key)\": taints must be unique by key and effect pair"
                causes.append(Cause("FieldValueDuplicate", message, field: field))
            }
        }
        return causes
    }
}
