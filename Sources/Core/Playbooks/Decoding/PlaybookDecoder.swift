package import Vocabulary

/// Turns a document into a checked playbook.
package enum PlaybookDecoder {
    /// Decodes and checks; finds every problem in one pass.
    ///
    /// - Parameters:
    ///   - node: the document, as it was read.
    ///   - actions: the manifests of all actions that this build has.
    /// - Returns: the playbook, unless one of the diagnostics is an error; diagnostics in the order of their places.
    package static func decode(
        _ node: DocumentNode,
        actions: [ActionManifest]
    ) -> (playbook: Playbook?, diagnostics: [Diagnostic]) {
        var reader = PlaybookReader(actions: actions)
        let playbook = reader.playbook(node)
        var diagnostics = reader.diagnostics
        if let playbook {
            diagnostics += FlowCheck.diagnostics(
                playbook,
                named: reader.successors,
                unreadable: reader.unreadableStates
            )
            diagnostics += ExpressionCheckpoint.diagnostics(reader.uses, in: playbook, actions: actions)
        }
        let sorted = diagnostics.sorted { ($0.mark, $0.code, $0.message) < ($1.mark, $1.code, $1.message) }
        let isClean = !sorted.contains { $0.severity == .error }
        return (isClean ? playbook : nil, sorted)
    }
}
