internal import KubernetesAPI
internal import Vocabulary

/// What a server refuses in an object that decodes: names, labels, and the rules of the kinds we write.
enum ObjectValidation {
    typealias Cause = StatusAnswer.Cause

    static let labelValueRule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must "
        + "start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for "
        + "validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
    static let labelKeyRule =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
        + "alphanumeric character"
    private static let subdomainRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
        + "start and end with an alphanumeric character"
    private static let annotationBytes = 262_144

    static func causes(_ object: JSONValue, over old: JSONValue?, _ served: ServedResource) -> [Cause] {
        var causes = metadataCauses(object, served, isNew: old == nil)
        guard !served.isCustom else { return causes }
        switch served.resource.kind {
        case "NetworkPolicy": causes += NetworkPolicyValidation.causes(object["spec"] ?? .null)
        case "Pod": causes += PodValidation.causes(object, over: old)
        case "Node": causes += NodeValidation.causes(object, over: old)
        case "Lease": causes += leaseCauses(object["spec"] ?? .null)
        case "Event" where served.resource.group == "events.k8s.io" && old == nil: causes += eventCauses(object)
        case "Event" where served.resource.group.isEmpty && old == nil: causes += placeCauses(object)
        default: break
        }
        return causes
    }

    /// An Event lies in the namespace of what it is about, and in `default` when that has none.
    private static func placeCauses(_ event: JSONValue) -> [Cause] {
        let about = event["involvedObject"]?["namespace"]?.string ?? ""
        guard (about.isEmpty ? "default" : about) != event.metadata["namespace"]?.string else { return [] }
        let message = "Invalid value: \"\(about)\": does not match event.namespace"
        return [Cause("FieldValueInvalid", message, field: "involvedObject.namespace")]
    }

    private static func metadataCauses(_ object: JSONValue, _ served: ServedResource, isNew: Bool) -> [Cause] {
        var causes: [Cause] = []
        if isNew, !isValidName(object.objectName, served) {
            let message = "Invalid value: \"\(object.objectName)\": \(subdomainRule)"
            causes.append(Cause("FieldValueInvalid", message, field: "metadata.name"))
        }
        causes += labelCauses(object.metadata["labels"] ?? .null, "metadata.labels")
        var size = 0
        for (key, value) in object.metadata["annotations"]?.texts ?? [:] {
            size += key.utf8.count + value.utf8.count
            if !NameSyntax.isLabelKey(key.lowercased()) {
                let message = "Invalid value: \"\(key)\": \(labelKeyRule)"
                causes.append(Cause("FieldValueInvalid", message, field: "metadata.annotations"))
            }
        }
        if size > annotationBytes {
            let message = "Too long: may not be more than \(annotationBytes) bytes"
            causes.append(Cause("FieldValueTooLong", message, field: "metadata.annotations"))
        }
        return causes
    }

    private static func isValidName(_ name: String, _ served: ServedResource) -> Bool {
        switch served.resource.plural {
        case "namespaces", "services": NameSyntax.isLabel(name)
        case "roles", "rolebindings", "clusterroles", "clusterrolebindings": NameSyntax.isPathSegment(name)
        default: NameSyntax.isSubdomain(name)
        }
    }

    static func labelCauses(_ labels: JSONValue, _ field: String) -> [Cause] {
        var causes: [Cause] = []
        for (key, value) in labels.texts.sorted(by: { $0.key < $1.key }) {
            if !NameSyntax.isLabelKey(key) {
                causes.append(Cause("FieldValueInvalid", "Invalid value: \"\(key)\": \(labelKeyRule)", field: field))
            }
            if !NameSyntax.isLabelValue(value) {
                let rule = value.utf8.count > 63 ? "must be no more than 63 bytes" : labelValueRule
                causes.append(Cause("FieldValueInvalid", "Invalid value: \"\(value)\": \(rule)", field: field))
            }
        }
        return causes
    }

    static func required(_ field: String, _ message: String = "Required value") -> Cause {
        Cause("FieldValueRequired", message, field: field)
    }

    static func unsupported(_ value: String, _ allowed: [String], _ field: String) -> Cause {
        let list = allowed.map { "\"\($0)\"" }.joined(separator: ", ")
        return Cause(
            "FieldValueNotSupported",
            "Unsupported value: \"\(value)\": supported values: \(list)",
            field: field
        )
    }

    private static func leaseCauses(_ spec: JSONValue) -> [Cause] {
        var causes: [Cause] = []
        if let seconds = spec["leaseDurationSeconds"]?.integer, seconds <= 0 {
            let message = "Invalid value: \(seconds): must be greater than 0"
            causes.append(Cause("FieldValueInvalid", message, field: "spec.leaseDurationSeconds"))
        }
        if let count = spec["leaseTransitions"]?.integer, count < 0 {
            let message = "Invalid value: \(count): must be greater than or equal to 0"
            causes.append(Cause("FieldValueInvalid", message, field: "spec.leaseTransitions"))
        }
        return causes
    }

    private static func eventCauses(_ event: JSONValue) -> [Cause] {
        var causes: [Cause] = []
        for field in ["eventTime", "reportingController", "reportingInstance", "action", "reason"]
        where event[field]?.nonBlank == nil {
            causes.append(required(field))
        }
        let type = event["type"]?.string ?? ""
        if !["Normal", "Warning"].contains(type) {
            causes.append(
                Cause("FieldValueInvalid", "Invalid value: \"\(type)\": has invalid value: \(type)", field: "type")
            )
        }
        if (event["note"]?.string ?? "").utf8.count > 1_024 {
            causes.append(Cause("FieldValueInvalid", "Invalid value: can have at most 1024 characters", field: "note"))
        }
        return causes
    }
}
