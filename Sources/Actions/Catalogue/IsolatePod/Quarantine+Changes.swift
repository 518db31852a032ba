internal import KubernetesAPI
internal import NetworkReach
internal import Planning
internal import Vocabulary

extension Quarantine {
    /// The policy first, then mark and labels of the pod in one write; patches of others come last.
    ///
    /// So a refused patch of somebody's policy leaves the pod with all that could be done for it. Then the Event tells.
    func changes(_ request: ActionRequest) throws(ActionFault) -> [PlannedChange] {
        guard let namespace = NamespaceName(target.namespace), let name = ObjectName(target.name),
            let policyName = ObjectName(mark.policyName)
        else { throw IsolationFault.unreadablePod(target.endpoint.qualifiedName).actionFault }
        var changes: [PlannedChange] = []
        if let change = try policyChange(request, namespace, policyName) { changes.append(change) }
        if let change = podChange(request, .object(.pods, in: namespace, name)) { changes.append(change) }
        for policy in solution.patches {
            guard let policyName = ObjectName(policy.name) else { continue }
            changes.append(patch(policy, .object(.networkPolicies, in: namespace, policyName)))
        }
        // It tells of what was done: with nothing to do there is nothing to tell.
        if !changes.isEmpty, let event = event(request, namespace, name) { changes.append(event) }
        return changes
    }

    private func event(_ request: ActionRequest, _ namespace: NamespaceName, _ name: ObjectName) -> PlannedChange? {
        HoldEvent(
            kind: "Pod",
            namespace: namespace,
            name: name,
            uid: target.endpoint.uid,
            reason: "FirebreakQuarantine",
            what: "firebreak cuts this pod off the network (playbook \(request.playbook))",
            release: release
        )
        .change(request)
    }

    private func policyChange(
        _ request: ActionRequest,
        _ namespace: NamespaceName,
        _ name: ObjectName
    ) throws(ActionFault) -> PlannedChange? {
        guard let present = facts.quarantinePolicy else { return creation(request, namespace, name) }
        let place = "\(namespace)/\(name)"
        guard present[["metadata", "labels"]].stringMap["app.kubernetes.io/managed-by"] == "firebreak" else {
            throw IsolationFault.nameTaken(policy: place).actionFault
        }
        guard !policyStands else { return nil }
        return repair(present, .object(.networkPolicies, in: namespace, name), place)
    }

    private func creation(_ request: ActionRequest, _ namespace: NamespaceName, _ name: ObjectName) -> PlannedChange {
        let path = KubernetesPath.object(.networkPolicies, in: namespace, name)
        let place = Expectation.Place.kubernetes(path: path.text)
        let guards = [
            Expectation("the quarantine policy is as we left it", at: place, field: ["spec"], .equals(policySpec)),
            Expectation(
                "the quarantine policy is ours",
                at: place,
                field: ["metadata", "labels", QuarantineMark.key],
                .equals(.string(mark.value))
            ),
        ]
        let deletion = KubernetesChange(
            .delete,
            path.text,
            body: ["apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background"]
        )
        return PlannedChange(
            id: "quarantine-policy",
            summary: "create NetworkPolicy \(namespace)/\(name), which denies all but the allow list to this one pod",
            change: .kubernetes(
                KubernetesChange(
                    .create,
                    KubernetesPath.collection(.networkPolicies, in: namespace).text,
                    body: policyDocument(request, namespace, name)
                )
            ),
            undo: .inverse(
                summary: "delete NetworkPolicy \(namespace)/\(name)",
                change: .kubernetes(deletion),
                guarding: guards
            ),
            permission: .rbac(group: "networking.k8s.io", resource: "networkpolicies", verb: "create")
        )
    }

    private func policyDocument(
        _ request: ActionRequest,
        _ namespace: NamespaceName,
        _ name: ObjectName
    ) -> JSONValue {
        var annotations: JSONObject = [
            QuarantineAnnotation.pod: .string(target.name),
            QuarantineAnnotation.podUID: .string(target.endpoint.uid),
            QuarantineAnnotation.release: .string(ReleaseNote.annotation(release)),
        ]
        for (key, value) in runAnnotations(request) { annotations[key] = .string(value) }
        return [
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
            "metadata": [
                "name": .string(name.rawValue), "namespace": .string(namespace.rawValue),
                "labels": .object([
                    "app.kubernetes.io/managed-by": "firebreak", QuarantineMark.key: .string(mark.value),
                ]), "annotations": .object(annotations),
            ], "spec": policySpec,
        ]
    }

    /// Somebody edited the policy: it is set right, tested against the object that was seen.
    private func repair(_ present: JSONValue, _ path: KubernetesPath, _ place: String) -> PlannedChange {
        var patch = JSONPatch()
        let uid = present[["metadata", "uid"]]?.string ?? ""
        patch.test(["metadata", "uid"], .string(uid))
        if let version = present[["metadata", "resourceVersion"]] {
            patch.test(["metadata", "resourceVersion"], version)
        }
        patch.add(["spec"], policySpec)
        // What it let out meanwhile may still be connected: whoever judges later must know.
        let mark = JSONValue.string("the policy was set right by a later run")
        if present["metadata"]?["annotations"]?.object == nil {
            patch.add(["metadata", "annotations"], .object([QuarantineAnnotation.wasChanged: mark]))
        } else {
            patch.add(["metadata", "annotations", QuarantineAnnotation.wasChanged], mark)
        }
        return PlannedChange(
            id: "quarantine-policy",
            summary: "set NetworkPolicy \(place) right, which somebody has changed",
            change: .kubernetes(
                KubernetesChange(
                    .patch,
                    path.text,
                    contentType: .jsonPatch,
                    body: patch.document,
                    preconditions: ["uid": uid]
                )
            ),
            undo: .none(reason: "the policy as somebody had changed it let the quarantined pod out"),
            permission: .rbac(group: "networking.k8s.io", resource: "networkpolicies", verb: "patch")
        )
    }

    var exclusionDocument: JSONValue {
        ["key": .string(QuarantineMark.key), "operator": "NotIn", "values": [.string(mark.value)]]
    }

    /// A `NotIn` for this one pod, appended; nothing is widened, and no other pod bears the label.
    private func patch(_ policy: NetworkPolicyView, _ path: KubernetesPath) -> PlannedChange {
        var forth = JSONPatch()
        var back = JSONPatch()
        forth.test(["metadata", "uid"], .string(policy.uid))
        back.test(["metadata", "uid"], .string(policy.uid))
        if !policy.resourceVersion.isEmpty {
            forth.test(["metadata", "resourceVersion"], .string(policy.resourceVersion))
        }
        let list = ["spec", "podSelector", "matchExpressions"]
        let expressions = policy.selectorDocument?["matchExpressions"]?.array
        if policy.selectorDocument?.object == nil {
            forth.add(["spec", "podSelector"], ["matchExpressions": .array([exclusionDocument])])
        } else if expressions == nil {
            forth.add(list, .array([exclusionDocument]))
        } else {
            forth.add(list + ["-"], exclusionDocument)
        }
        // What we made goes as a whole: an empty list is not what stood there before.
        if policy.selectorDocument?.object == nil {
            back.test(["spec", "podSelector"], ["matchExpressions": .array([exclusionDocument])])
            back.remove(["spec", "podSelector"])
        } else if expressions == nil {
            back.test(list, .array([exclusionDocument]))
            back.remove(list)
        } else {
            let entry = list + [String(expressions?.count ?? 0)]
            back.test(entry, exclusionDocument)
            back.remove(entry)
        }
        let title = "\(policy.namespace)/\(policy.name)"
        let permission = Permission.rbac(group: "networking.k8s.io", resource: "networkpolicies", verb: "patch")
        return PlannedChange(
            id: "policy-\(policy.name)",
            summary: "take this one pod out of NetworkPolicy \(title)",
            change: .kubernetes(write(forth, path, policy.uid)),
            undo: .inverse(
                summary: "put NetworkPolicy \(title) back as it was",
                change: .kubernetes(write(back, path, policy.uid)),
                guarding: [patchedSelector(policy, path)]
            ),
            permission: permission
        )
    }

    private func write(_ patch: JSONPatch, _ path: KubernetesPath, _ uid: String) -> KubernetesChange {
        KubernetesChange(
            .patch,
            path.text,
            contentType: .jsonPatch,
            body: patch.document,
            preconditions: ["uid": uid]
        )
    }

    private func patchedSelector(_ policy: NetworkPolicyView, _ path: KubernetesPath) -> Expectation {
        var selector = policy.selectorDocument?.object ?? JSONObject()
        selector["matchExpressions"] = .array((selector["matchExpressions"]?.array ?? []) + [exclusionDocument])
        return Expectation(
            "NetworkPolicy \(policy.namespace)/\(policy.name) leaves the pod out",
            at: .kubernetes(path: path.text),
            field: ["spec", "podSelector"],
            .equals(.object(selector))
        )
    }

    /// What must be readable afterwards.
    func expectations(for changes: [PlannedChange]) -> [Expectation] {
        guard let namespace = NamespaceName(target.namespace), let name = ObjectName(target.name),
            let policyName = ObjectName(mark.policyName)
        else { return [] }
        let policy = KubernetesPath.object(.networkPolicies, in: namespace, policyName)
        let pod = Expectation.Place.kubernetes(path: KubernetesPath.object(.pods, in: namespace, name).text)
        var expected = [
            Expectation(
                "the quarantine policy denies all but the allow list",
                at: .kubernetes(path: policy.text),
                field: ["spec"],
                .equals(policySpec)
            ),
            Expectation(
                "it is the same pod",
                at: pod,
                field: ["metadata", "uid"],
                .equals(.string(target.endpoint.uid))
            ),
        ]
        for (key, value) in [(QuarantineMark.key, String?.some(mark.value))]
            + solution.edits.map({ ($0.key, $0.after) })
        {
            let test = value.map { Expectation.Test.equals(.string($0)) } ?? .absent
            let text = value.map { "the pod's label \(key) is \($0)" } ?? "the pod's label \(key) is gone"
            expected.append(Expectation(text, at: pod, field: ["metadata", "labels", key], test))
        }
        for policy in solution.patches {
            guard let name = ObjectName(policy.name) else { continue }
            expected.append(patchedSelector(policy, .object(.networkPolicies, in: namespace, name)))
        }
        return expected
    }
}
