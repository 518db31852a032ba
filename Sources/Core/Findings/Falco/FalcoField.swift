/// The fields that the mapping looks at, so that a look needs no search: those of the leading rank first, in its order.
enum FalcoField: Int, CaseIterable {
    case containerID
    case containerName
    case containerRepository
    case containerTag
    case containerDigest
    case namespace
    case pod
    case podUID
    case node
    case process
    case processPath
    case commandLine
    case processID
    case parent
    case parentCommandLine
    case parentID
    case user
    case userID
    case loginID
    case fileName
    case fileType
    case transport
    case localPort
    case remotePort
    case serverAddress
    case eventType
    case eventTime
    case auditUser
    case auditVerb
    case auditResource
    case auditNamespace
    case auditName
    case auditSubresource
    case auditAddresses
    case trailName
    case trailUser
    case trailUserARN
    case trailAddress
    case trailRegion

    // Looked at, but of no rank.
    case containerImage
    case containerType
    case containerStart
    case containerPrivileged
    case metaNamespace
    case metaPod
    case podServiceAccount
    case serviceAccount
    case processStart
    case layerProtocol
    case localAddress

    /// What identifies the subject and the deed: it comes before all else.
    var isLeading: Bool { rawValue <= Self.trailRegion.rawValue }

    static let leading = allCases.filter(\.isLeading)

    /// As Falco writes it.
    var name: String {
        switch self {
        case .containerID: "container.id"
        case .containerName: "container.name"
        case .containerRepository: "container.image.repository"
        case .containerTag: "container.image.tag"
        case .containerDigest: "container.image.digest"
        case .namespace: "k8s.ns.name"
        case .pod: "k8s.pod.name"
        case .podUID: "k8s.pod.uid"
        case .node: "k8s.node.name"
        case .process: "proc.name"
        case .processPath: "proc.exepath"
        case .commandLine: "proc.cmdline"
        case .processID: "proc.pid"
        case .parent: "proc.pname"
        case .parentCommandLine: "proc.pcmdline"
        case .parentID: "proc.ppid"
        case .user: "user.name"
        case .userID: "user.uid"
        case .loginID: "user.loginuid"
        case .fileName: "fd.name"
        case .fileType: "fd.type"
        case .transport: "fd.l4proto"
        case .localPort: "fd.lport"
        case .remotePort: "fd.rport"
        case .serverAddress: "fd.sip"
        case .eventType: "evt.type"
        case .eventTime: "evt.time"
        case .auditUser: "ka.user.name"
        case .auditVerb: "ka.verb"
        case .auditResource: "ka.target.resource"
        case .auditNamespace: "ka.target.namespace"
        case .auditName: "ka.target.name"
        case .auditSubresource: "ka.target.subresource"
        case .auditAddresses: "ka.sourceips"
        case .trailName: "ct.name"
        case .trailUser: "ct.user"
        case .trailUserARN: "ct.user.arn"
        case .trailAddress: "ct.srcip"
        case .trailRegion: "ct.region"
        case .containerImage: "container.image"
        case .containerType: "container.type"
        case .containerStart: "container.start_ts"
        case .containerPrivileged: "container.privileged"
        case .metaNamespace: "k8smeta.ns.name"
        case .metaPod: "k8smeta.pod.name"
        case .podServiceAccount: "k8s.pod.sa.name"
        case .serviceAccount: "k8s.sa.name"
        case .processStart: "proc.pid.ts"
        case .layerProtocol: "fd.proto"
        case .localAddress: "fd.lip"
        }
    }
}
