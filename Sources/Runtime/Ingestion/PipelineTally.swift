/// What went through a pipeline, counted.
package struct PipelineTally: Sendable, Hashable {
    package var alerts = 0
    /// Alerts that had come before, byte for byte.
    package var redeliveries = 0
    /// Findings that Security Hub took, updates counted each.
    package var imported = 0
    package var parked = 0
    package var rejects = 0
    /// Left out by the rules, Falco's own events among them.
    package var ignored = 0
    package var controls = 0
    package var noise = 0

    package init() {}

    package var summary: String {
        var parts = ["\(alerts) alert(s), \(imported) finding(s) imported"]
        func add(_ count: Int, _ words: String) { if count > 0 { parts.append("\(count) \(words)") } }
        add(parked, "finding(s) parked")
        add(rejects, "reject(s)")
        add(redeliveries, "redelivery(ies) ignored")
        add(ignored, "event(s) left out by the rules")
        add(noise, "line(s) that are no alerts")
        add(controls, "control message(s)")
        return parts.joined(separator: ", ")
    }
}
