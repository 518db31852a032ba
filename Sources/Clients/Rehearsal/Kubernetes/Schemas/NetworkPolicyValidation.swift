internal import Vocabulary

/// The rules of a NetworkPolicy's spec.
enum NetworkPolicyValidation {
    typealias Cause = StatusAnswer.Cause

    static func causes(_ spec: JSONValue) -> [Cause] {
        var causes = selectorCauses(spec["podSelector"] ?? .null, "spec.podSelector")
        for (side, peers) in [("ingress", "from"), ("egress", "to")] {
            for (index, rule) in (spec[side]?.array ?? []).enumerated() {
                let place = "spec.\(side)[\(index)]"
                for (number, port) in (rule["ports"]?.array ?? []).enumerated() {
                    causes += portCauses(port, "\(place).ports[\(number)]")
                }
                for (number, peer) in (rule[peers]?.array ?? []).enumerated() {
                    causes += peerCauses(peer, "\(place).\(peers)[\(number)]")
                }
            }
        }
        let types = spec["policyTypes"]?.array ?? []
        if types.count > 2 {
            causes.append(
                Cause("FieldValueInvalid", "Invalid value: may not specify more than two", field: "spec.policyTypes")
            )
        }
        for (index, type) in types.enumerated() {
            let text = type.string ?? ""
            guard !["Ingress", "Egress"].contains(text) else { continue }
            causes.append(ObjectValidation.unsupported(text, ["Ingress", "Egress"], "spec.policyTypes[\(index)]"))
        }
        return causes
    }

    private static func portCauses(_ port: JSONValue, _ field: String) -> [Cause] {
        var causes: [Cause] = []
        let transport = port["protocol"]?.string ?? "TCP"
        if !["TCP", "UDP", "SCTP"].contains(transport) {
            causes.append(ObjectValidation.unsupported(transport, ["TCP", "UDP", "SCTP"], "\(field).protocol"))
        }
        let number = port["port"]?.integer
        if let number, !(1...65_535).contains(number) {
            causes.append(outside(number, "\(field).port"))
        }
        if let name = port["port"]?.string, !isPortName(name) {
            let rule = "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
            causes.append(Cause("FieldValueInvalid", "Invalid value: \"\(name)\": \(rule)", field: "\(field).port"))
        }
        guard let end = port["endPort"]?.integer else { return causes }
        let last = "\(field).endPort"
        if let number {
            if end < number {
                let message = "Invalid value: \(end): must be greater than or equal to `port`"
                causes.append(Cause("FieldValueInvalid", message, field: last))
            }
            if !(1...65_535).contains(end) { causes.append(outside(end, last)) }
        } else if port["port"] != nil {
            let message = "Invalid value: \(end): may not be specified when `port` is non-numeric"
            causes.append(Cause("FieldValueInvalid", message, field: last))
        } else {
            let message = "Invalid value: \(end): may not be specified when `port` is not specified"
            causes.append(Cause("FieldValueInvalid", message, field: last))
        }
        return causes
    }

    private static func outside(_ number: Int64, _ field: String) -> Cause {
        Cause("FieldValueInvalid", "Invalid value: \(number): must be between 1 and 65535, inclusive", field: field)
    }

    private static func isPortName(_ name: String) -> Bool {
        (1...15).contains(name.utf8.count) && NameSyntax.isLabel(name) && name.contains { $0.isLetter }
            && !name.contains("--")
    }

    private static func peerCauses(_ peer: JSONValue, _ field: String) -> [Cause] {
        var causes: [Cause] = []
        let selectors = ["podSelector", "namespaceSelector"].filter { peer[$0] != nil }
        for name in selectors { causes += selectorCauses(peer[name] ?? .null, "\(field).\(name)") }
        let block = peer["ipBlock"]
        if selectors.isEmpty, block == nil {
            causes.append(ObjectValidation.required(field, "Required value: must specify a peer"))
        }
        guard let block else { return causes }
        if !selectors.isEmpty {
            let message = "Forbidden: may not specify both ipBlock and another peer"
            causes.append(Cause("FieldValueForbidden", message, field: field))
        }
        return causes + blockCauses(block, "\(field).ipBlock")
    }

    private static func blockCauses(_ block: JSONValue, _ field: String) -> [Cause] {
        guard let text = block["cidr"]?.nonBlank else { return [ObjectValidation.required("\(field).cidr")] }
        guard let cidr = CIDR(text) else { return [invalid(text, "\(field).cidr")] }
        var causes: [Cause] = []
        for (index, item) in (block["except"]?.array ?? []).enumerated() {
            let place = "\(field).except[\(index)]"
            guard let except = item.string.flatMap({ CIDR($0) }) else {
                causes.append(invalid(item.string ?? "", place))
                continue
            }
            guard cidr.contains(except), except.prefixLength > cidr.prefixLength else {
                let message = "Invalid value: \"\(except)\": must be a strict subset of `cidr`"
                causes.append(Cause("FieldValueInvalid", message, field: place))
                continue
            }
        }
        return causes
    }

    private static func invalid(_ text: String, _ field: String) -> Cause {
        let rule = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
        return Cause("FieldValueInvalid", "Invalid value: \"\(text)\": \(rule)", field: field)
    }

    static func selectorCauses(_ selector: JSONValue, _ field: String) -> [Cause] {
        var causes = ObjectValidation.labelCauses(selector["matchLabels"] ?? .null, "\(field).matchLabels")
        for (index, expression) in (selector["matchExpressions"]?.array ?? []).enumerated() {
            causes += expressionCauses(expression, "\(field).matchExpressions[\(index)]")
        }
        return causes
    }

    private static func expressionCauses(_ expression: JSONValue, _ field: String) -> [Cause] {
        var causes: [Cause] = []
        let values = expression["values"]?.array ?? []
        let operation = expression["operator"]?.string ?? ""
        switch operation {
        case "In", "NotIn":
            if values.isEmpty {
                let message = "Required value: must be specified when `operator` is 'In' or 'NotIn'"
                causes.append(ObjectValidation.required("\(field).values", message))
            }
        case "Exists", "DoesNotExist":
            if !values.isEmpty {
                let message = "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
                causes.append(Cause("FieldValueForbidden", message, field: "\(field).values"))
            }
        default:
            let message = "Invalid value: \"\(operation)\": not a valid selector operator"
            causes.append(Cause("FieldValueInvalid", message, field: "\(field).operator"))
        }
        let key = expression["key"]?.string ?? ""
        if !NameSyntax.isLabelKey(key) {
            let message = "Invalid value: \"\(key)\": \(ObjectValidation.labelKeyRule)"
            causes.append(Cause("FieldValueInvalid", message, field: "\(field).key"))
        }
        for (index, value) in values.enumerated() where !NameSyntax.isLabelValue(value.string ?? "") {
            let message = "Invalid value: \"\(value.string ?? "")\": \(ObjectValidation.labelValueRule)"
            causes.append(Cause("FieldValueInvalid", message, field: "\(field).values[\(index)]"))
        }
        return causes
    }
}
