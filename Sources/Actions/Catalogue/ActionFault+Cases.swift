import Vocabulary

extension ActionFault {
    static func noCluster() -> ActionFault {
        ActionFault(
            "Unavailable",
            FaultReport(
                code: "ACTION-001",
                what: "this action reads a cluster, and none is configured",
                remedy: "give a kubeconfig context, or a world with --world"
            )
        )
    }

    static func noAccount() -> ActionFault {
        ActionFault(
            "Unavailable",
            FaultReport(
                code: "ACTION-002",
                what: "this action reads an AWS account, and none is configured",
                remedy: "give credentials and a Region, or an account with --world"
            )
        )
    }

    static func noNode() -> ActionFault {
        ActionFault(
            "NotFound",
            FaultReport(
                code: "ACTION-003",
                what: "no node is known to act on",
                remedy: "write with: { node: … }, or start from a finding whose pod is scheduled"
            )
        )
    }

    /// A parameter that has the right type and still makes no sense.
    static func badParameter(_ name: String, _ problem: String, remedy: String) -> ActionFault {
        ActionFault(
            "Invalid",
            FaultReport(code: "ACTION-004", what: "parameter \(name): \(problem)", location: name, remedy: remedy)
        )
    }

    static func noInstance(_ node: String) -> ActionFault {
        ActionFault(
            "NotFound",
            FaultReport(
                code: "ACTION-005",
                what: "node \(node) belongs to no EC2 instance that can be found",
                location: node,
                remedy: "check spec.providerID of the node, the account and the Region"
            )
        )
    }

    static func nothingToSnapshot(_ instance: String, _ include: String) -> ActionFault {
        ActionFault(
            "NotFound",
            FaultReport(
                code: "ACTION-006",
                what: "instance \(instance) has no EBS volume of the kind “\(include)”",
                location: instance,
                remedy:
                    "write include: all; instance store cannot be snapshotted, copy what you need from the live node"
            )
        )
    }

    static func noFinding() -> ActionFault {
        ActionFault(
            "Invalid",
            FaultReport(
                code: "ACTION-007",
                what: "the run has no finding with an Id and a ProductArn",
                remedy: "start the run from a finding, or skip this state with when: has(finding.Id)"
            )
        )
    }

    static func findingGone(_ id: String, _ region: RegionName) -> ActionFault {
        ActionFault(
            "NotFound",
            FaultReport(
                code: "ACTION-008",
                what: "Security Hub of \(region) has no finding \(id)",
                location: id,
                remedy: "check account and Region; findings vanish 90 days after their last update"
            )
        )
    }

    /// An answer of the world lacks what every such object has.
    static func unreadable(_ object: String, _ member: String) -> ActionFault {
        ActionFault(
            "Unavailable",
            FaultReport(
                code: "ACTION-009",
                what: "\(object) came without \(member)",
                location: object,
                remedy: "check what answers instead of the real API"
            )
        )
    }
}
