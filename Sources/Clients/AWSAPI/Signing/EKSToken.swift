internal import HTTPExchange
package import Vocabulary

/// A bearer token for the API server of an EKS cluster: a signed question to STS who the bearer is.
package struct EKSToken: Sendable, Hashable {
    package var token: Secret
    /// EKS takes a token for 15 minutes; ours end one minute earlier.
    package var expiration: Timestamp

    /// A token for a cluster; `origin` is STS in its Region, at a standard endpoint, since the cluster asks there.
    ///
    /// - Source: the AWS CLI, `aws eks get-token`.
    package init(
        cluster: String,
        origin: String,
        credentials: Credentials,
        region: RegionName,
        at moment: Timestamp
    ) {
        let request = HTTPRequest(
            method: "GET",
            origin: origin,
            target: "/?Action=GetCallerIdentity&Version=2011-06-15",
            headers: [HTTPHeader("x-k8s-aws-id", cluster)]
        )
        let url = PresignedURL.sign(
            request: request,
            credentials: credentials,
            scope: SigningScope(service: "sts", region: region),
            at: moment,
            validSeconds: 60
        )
        token = Secret("k8s-aws-v1." + Base64.encodeForURL(Array(url.exposed.utf8)))
        expiration = moment.advanced(by: .seconds(14 * 60))
    }
}
