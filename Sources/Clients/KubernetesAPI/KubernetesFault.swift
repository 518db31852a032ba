/// What an answer of the Kubernetes API means for whoever asked.
package enum KubernetesAnswerClass: String, Sendable, Hashable, Codable, CaseIterable {
    case ok, created, accepted, alreadyExists, staleVersion, preconditionFailed, applyConflict
    case blockedByDisruptionBudget, disruptionBudgetNotReady, flowControlled, initializing
    case invalid, testFailedOrBadPatch, forbidden, unauthenticated, notFound, unknownPath, gone
    case unsupportedMediaType, notAcceptable, badRequest, unknownField, tooLarge
    case namespaceTerminating, admissionDenied, quotaExceeded
    case serverPermanent, serverTransient, streamError, upgraded
}
