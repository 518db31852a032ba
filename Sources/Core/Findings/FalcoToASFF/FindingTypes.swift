/// ASFF's finding types for the tags and the source of an alert.
enum FindingTypes {
    static let limit = 50

    static func types(of alert: FalcoAlert, _ mitre: MitreTags) -> [String] {
        var types: [String] = []
        for tactic in mitre.tactics {
            for type in self.types(tactic, mitre.techniques) where !types.contains(type) { types.append(type) }
        }
        return types.isEmpty ? [unusualBehaviour(alert)] : Array(types.prefix(limit))
    }

    private static func types(_ tactic: String, _ techniques: [String]) -> [String] {
        if let category = categories[tactic] {
            let base = "TTPs/\(category)"
            return techniques.isEmpty ? [base] : techniques.map { "\(base)/\($0)" }
        }
        switch tactic {
        case "reconnaissance": return ["TTPs/Discovery"]
        case "exfiltration": return ["Effects/Data Exfiltration"]
        case "data_destruction": return ["Effects/Data Destruction"]
        case "impact": return techniques.compactMap(effect)
        default: return []
        }
    }

    private static func effect(_ technique: String) -> String? {
        switch technique.prefix(5) {
        case "T1485", "T1490", "T1561": "Effects/Data Destruction"
        case "T1496": "Effects/Resource Consumption"
        case "T1498", "T1499": "Effects/Denial of Service"
        default: nil
        }
    }

    private static func unusualBehaviour(_ alert: FalcoAlert) -> String {
        guard alert.source == "syscall" else { return "Unusual Behaviors/User" }
        return alert.isHostEvent ? "Unusual Behaviors/VM" : "Unusual Behaviors/Container"
    }

    private static let categories: [String: String] = [
        "initial_access": "Initial Access", "execution": "Execution", "persistence": "Persistence",
        "privilege_escalation": "Privilege Escalation", "defense_evasion": "Defense Evasion",
        "credential_access": "Credential Access", "discovery": "Discovery", "lateral_movement": "Lateral Movement",
        "collection": "Collection", "command_and_control": "Command and Control",
    ]
}
