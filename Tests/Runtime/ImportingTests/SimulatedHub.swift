import AWSAPI
import TestSupport
import Vocabulary

/// A Security Hub that fails in every way that the real one may, by chance from a seed.
struct SimulatedHub {
    /// UpdatedAt by Id, as the service keeps it.
    private(set) var stored: [String: Int64] = [:]
    private(set) var calls: [Timestamp] = []
    private var chance: SeededChance
    /// Of a hundred calls or findings.
    private let faults: UInt64
    /// Ids that spoil every call that they are in.
    private let poison: Set<String>
    /// Ids that the service never takes, and says so.
    private let refused: Set<String>

    init(seed: UInt64, faults: UInt64, poison: Set<String> = [], refused: Set<String> = []) {
        chance = SeededChance(seed: seed)
        self.faults = faults
        self.poison = poison
        self.refused = refused
    }

    mutating func call(_ input: JSONValue, at now: Timestamp) -> Result<JSONValue, AWSFault> {
        calls.append(now)
        let findings = input["Findings"]?.array ?? []
        let ids = findings.compactMap { $0["Id"]?.string }
        precondition(Set(ids).count == ids.count && (1...100).contains(ids.count), "a call that Security Hub refuses")
        if !poison.isDisjoint(with: ids) { return fault("InvalidInputException", 400) }
        let roll = UInt64.random(in: 0..<400, using: &chance)
        switch roll {
        case 0..<faults: return fault("TooManyRequestsException", 429)
        case 100..<(100 + faults): return fault("InternalException", 500)
        case 200..<(200 + faults):
            _ = take(findings)
            return fault("Transport", 0, .unknown)
        default: return .success(take(findings))
        }
    }

    private mutating func take(_ findings: [JSONValue]) -> JSONValue {
        var failed: [JSONValue] = []
        for finding in findings {
            guard let id = finding["Id"]?.string, let updatedAt = finding["UpdatedAt"]?.integer else { continue }
            if refused.contains(id) {
                failed.append(["Id": .string(id), "ErrorCode": "InvalidInput", "ErrorMessage": "no"])
            } else if UInt64.random(in: 0..<100, using: &chance) < faults {
                failed.append(["Id": .string(id), "ErrorCode": "InternalFailure", "ErrorMessage": "later"])
            } else {
                stored[id] = max(stored[id] ?? 0, updatedAt)
            }
        }
        return [
            "SuccessCount": .integer(Int64(findings.count - failed.count)),
            "FailedCount": .integer(Int64(failed.count)), "FailedFindings": .array(failed),
        ]
    }

    private func fault(
        _ code: String,
        _ status: Int,
        _ delivery: AWSFault.Delivery = .answered
    )
        -> Result<JSONValue, AWSFault>
    {
        .failure(
            AWSFault(
                code: code,
                message: "as the seed wants it",
                status: status,
                service: "securityhub",
                operation: "BatchImportFindings",
                delivery: delivery
            )
        )
    }
}
