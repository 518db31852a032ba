package import Vocabulary

/// Why a cluster's access cannot be worked out.
package struct AccessFault: ActionableError, Hashable {
    package var report: FaultReport

    init(_ code: String, _ what: String, at location: String, fix remedy: String) {
        report = FaultReport(code: code, what: what, location: location, remedy: remedy)
    }

    static func unreadable(_ what: String, _ mark: SourceMark, fix remedy: String) -> AccessFault {
        AccessFault("ACCESS-001", what, at: "\(mark)", fix: remedy)
    }

    static func unknown(_ kind: String, _ name: String, known: [String], in file: String) -> AccessFault {
        let remedy = known.isEmpty ? "the kubeconfig has none" : "use one of \(known.joined(separator: ", "))"
        return AccessFault("ACCESS-002", "no \(kind) is called “\(name)”", at: file, fix: remedy)
    }

    static func notSupported(_ what: String, _ mark: SourceMark, fix remedy: String) -> AccessFault {
        AccessFault("ACCESS-003", what, at: "\(mark)", fix: remedy)
    }

    static func noFile(_ path: String, _ why: String) -> AccessFault {
        AccessFault(
            "ACCESS-004",
            "a file of the cluster's access cannot be read: \(why)",
            at: path,
            fix: "check the path and who may read it"
        )
    }

    static func command(_ command: String, _ problem: String) -> AccessFault {
        AccessFault(
            "ACCESS-005",
            "the program that gives credentials failed: \(problem)",
            at: command,
            fix: "run it by hand; what it prints must be an ExecCredential"
        )
    }

    static func noCluster(_ what: String) -> AccessFault {
        AccessFault(
            "ACCESS-006",
            what,
            at: "",
            fix: "set KUBECONFIG or --kubeconfig, or run inside of a cluster with a service account"
        )
    }
}
