/// The commands that release an object by hand, as a text that an object can bear.
package enum ReleaseNote {
    /// The annotation that bears it.
    static let annotation = "firebreak.dev/release"
    /// Far below what all annotations of an object may take together.
    static let annotationLimit = 4_096

    /// Whole commands only, and always the last one, which lets go; what is left out is counted.
    package static func text(_ commands: [String], separator: String, limit: Int) -> String {
        let whole = commands.joined(separator: separator)
        guard whole.utf8.count > limit, let last = commands.last else { return whole }
        var kept: [String] = []
        var used = last.utf8.count + separator.utf8.count + leftOut(commands.count).utf8.count
        for command in commands.dropLast() {
            used += command.utf8.count + separator.utf8.count
            guard used <= limit else { break }
            kept.append(command)
        }
        let longest = separator.utf8.count + last.utf8.count + leftOut(commands.count).utf8.count
        guard longest <= limit else { return leftOut(commands.count) }
        return (kept + [leftOut(commands.count - kept.count - 1), last]).joined(separator: separator)
    }

    /// For an annotation: a command a line.
    static func annotation(_ commands: [String]) -> String {
        text(commands, separator: "\n", limit: annotationLimit)
    }

    private static func leftOut(_ count: Int) -> String { ": \(count) more are in the plan of the run" }
}
