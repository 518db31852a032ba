/// The name of an EKS cluster, or its ARN.
package enum ClusterName {
    package static func isValid(_ text: String) -> Bool {
        guard let arn = ARN(text) else { return isName(text) }
        return arn.service == "eks" && arn.resource.hasPrefix("cluster/") && isName(arn.name)
    }

    /// As EKS takes it: letters, digits, hyphens and underscores, a letter or digit first, at most 100.
    package static func isName(_ text: String) -> Bool {
        guard (1...100).contains(text.utf8.count), let first = text.utf8.first else { return false }
        return NameSyntax.isAlphanumeric(first)
            && text.utf8.allSatisfy { NameSyntax.isAlphanumeric($0) || $0 == 0x2d || $0 == 0x5f }
    }
}
