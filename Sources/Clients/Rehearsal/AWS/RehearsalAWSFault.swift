package import Vocabulary

/// Why a document is no account that we can rehearse in.
package enum RehearsalAWSFault: ActionableError, Hashable {
    case notAnObject
    case noAccount
    case noRegion
    case notAList(String)
    case badInstance(String)

    package var report: FaultReport {
        FaultReport(code: "AWS-014", what: "no AWS account to rehearse in: \(sentence)", remedy: remedy)
    }

    private var sentence: String {
        switch self {
        case .notAnObject: "the document is no object"
        case .noAccount: "“account” must be twelve digits in a string"
        case .noRegion: "“region” must name a Region"
        case .notAList(let member): "“\(member)” must be a list"
        case .badInstance(let place): "\(place) has no “InstanceId” like i-0123456789abcdef0"
        }
    }

    private var remedy: String {
        switch self {
        case .notAnObject, .noAccount, .noRegion: "write account, region and the parts ec2, eks, securityhub"
        case .notAList, .badInstance: "paste what the Describe call of the AWS command line gives"
        }
    }
}
