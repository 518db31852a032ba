internal import KubernetesAPI
internal import NetworkReach
internal import Planning
internal import Vocabulary

extension Quarantine {
    /// Mark, label edits and holds in one patch, tested against the pod's uid; nil when all is in place.
    func podChange(_ request: ActionRequest, _ path: KubernetesPath) -> PlannedChange? {
        let annotations = missingAnnotations(request)
        let isMarked = target.endpoint.labels[QuarantineMark.key] == mark.value
        guard !isMarked || !solution.edits.isEmpty || !annotations.isEmpty else { return nil }
        let title = target.endpoint.qualifiedName
        let edits = solution.edits.map(\.description).joined(separator: ", ")
        return PlannedChange(
            id: "pod",
            summary: "mark pod \(title) as quarantined" + (edits.isEmpty ? "" : "; \(edits)"),
            change: .kubernetes(
                KubernetesChange(
                    .patch,
                    path.text,
                    contentType: .jsonPatch,
                    body: podPatch(annotations).document,
                    preconditions: ["uid": target.endpoint.uid]
                )
            ),
            undo: podUndo(annotations, path, keepsDetached: staysDetached),
            readoption: staysDetached ? podUndo(annotations, path, keepsDetached: false) : nil,
            permission: .rbac(group: "", resource: "pods", verb: "patch")
        )
    }

    private func podPatch(_ annotations: [(key: String, value: String)]) -> JSONPatch {
        var patch = JSONPatch()
        patch.test(["metadata", "uid"], .string(target.endpoint.uid))
        for edit in solution.edits {
            // Somebody else's edit in between must not be taken for ours.
            if let before = edit.before { patch.test(["metadata", "labels", edit.key], .string(before)) }
        }
        // Making a map that is missing would empty one that somebody made in between.
        let makesMap = !target.hasLabels || (!target.hasAnnotations && !annotations.isEmpty)
        if makesMap, !target.resourceVersion.isEmpty {
            patch.test(["metadata", "resourceVersion"], .string(target.resourceVersion))
        }
        if !target.hasLabels { patch.add(["metadata", "labels"], .object([:])) }
        patch.add(["metadata", "labels", QuarantineMark.key], .string(mark.value))
        for edit in solution.edits {
            if let after = edit.after {
                patch.add(["metadata", "labels", edit.key], .string(after))
            } else {
                patch.remove(["metadata", "labels", edit.key])
            }
        }
        if !target.hasAnnotations, !annotations.isEmpty { patch.add(["metadata", "annotations"], .object([:])) }
        for (key, value) in annotations { patch.add(["metadata", "annotations", key], .string(value)) }
        return patch
    }

    /// Labels come back unless a controller selected on them; the uid in a merge patch is a precondition.
    private func podUndo(
        _ annotations: [(key: String, value: String)],
        _ path: KubernetesPath,
        keepsDetached: Bool
    ) -> Undo {
        var labels: JSONObject = [:]
        labels[QuarantineMark.key] = .null
        if !keepsDetached {
            for edit in solution.edits { labels[edit.key] = edit.before.map(JSONValue.string) ?? .null }
        }
        var notes: JSONObject = [:]
        for (key, _) in annotations where !(keepsDetached && key == QuarantineAnnotation.removedLabels) {
            notes[key] = target.annotations[key].map(JSONValue.string) ?? .null
        }
        let body: JSONValue = [
            "metadata": [
                "uid": .string(target.endpoint.uid), "labels": .object(labels), "annotations": .object(notes),
            ]
        ]
        var summary = "take the quarantine mark off pod \(target.endpoint.qualifiedName)"
        if keepsDetached, let owner = releasedBy {
            summary += "; it stays detached from \(owner.title), which could delete it as surplus if it took it back"
        } else if !solution.edits.isEmpty {
            summary += " and restore its labels"
        }
        let place = Expectation.Place.kubernetes(path: path.text)
        var guards = [
            Expectation(
                "the pod bears our mark",
                at: place,
                field: ["metadata", "labels", QuarantineMark.key],
                .equals(.string(mark.value))
            )
        ]
        for edit in solution.edits {
            let test = edit.after.map { Expectation.Test.equals(.string($0)) } ?? .absent
            let field = ["metadata", "labels", edit.key]
            guards.append(Expectation("the label \(edit.key) is as we left it", at: place, field: field, test))
        }
        return .inverse(
            summary: summary,
            change: .kubernetes(
                KubernetesChange(
                    .patch,
                    path.text,
                    contentType: .mergePatch,
                    body: body,
                    preconditions: ["uid": target.endpoint.uid]
                )
            ),
            guarding: guards
        )
    }

    /// Annotations to set.
    ///
    /// Those that tell of the run are not renewed: the first run's word stands.
    private func missingAnnotations(_ request: ActionRequest) -> [(key: String, value: String)] {
        var wanted: [(key: String, value: String)] = []
        if let record = removedLabelsRecord { wanted.append((QuarantineAnnotation.removedLabels, record)) }
        wanted.append((QuarantineAnnotation.doNotDisrupt, "true"))
        wanted.append((QuarantineAnnotation.safeToEvict, "false"))
        if owner?.kind == "ReplicaSet", releasedBy == nil {
            wanted.append((QuarantineAnnotation.deletionCost, String(Int32.max)))
        }
        // Whoever made the pod may have put other commands there for a person to paste.
        wanted.append((QuarantineAnnotation.release, ReleaseNote.annotation(release)))
        var missing = wanted.filter { target.annotations[$0.key] != $0.value }
        for note in runAnnotations(request) where target.annotations[note.key] == nil { missing.append(note) }
        return hasRoomForAnnotations ? missing : []
    }

    /// Whoever made the pod may have filled its annotations up, so that a patch which adds one is refused whole.
    var hasRoomForAnnotations: Bool {
        let used = target.annotations.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        return used < Self.annotationLimit - 16_384
    }

    /// All annotations of an object together, in bytes, as the API server counts them.
    private static let annotationLimit = 262_144

    /// The oldest known value of every label that was edited, as JSON; nil when none was.
    private var removedLabelsRecord: String? {
        var record = JSONObject()
        for edit in solution.edits { record[edit.key] = edit.before.map(JSONValue.string) ?? .null }
        for (key, value) in target.removedLabels { record[key] = value }
        return record.isEmpty ? nil : JSONWriter.canonical(.object(record))
    }

    /// Who quarantined, and until when.
    func runAnnotations(_ request: ActionRequest) -> [(key: String, value: String)] {
        var notes: [(key: String, value: String)] = [(QuarantineAnnotation.run, request.runId)]
        notes.append((QuarantineAnnotation.playbook, request.playbook))
        notes.append((QuarantineAnnotation.incident, request.incidentKey))
        if let expires = request.expires {
            let end = request.now.advanced(by: expires)
            notes.append((QuarantineAnnotation.expires, end.text(fractionDigits: 0)))
        }
        return notes
    }
}
