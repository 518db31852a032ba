import TestSupport
import Testing

/// All suites that share one set of servers; each test begins with a world of its own.
@Suite(
    "Against AWS servers that are not ours",
    .serialized,
    .peers(),
    .enabled(if: AWSPeers.arePresent, AWSPeers.absence),
    .timeLimit(.minutes(5))
)
struct PeerTests {}

/// The stories that an independent Security Hub and STS have to tell as well.
@Suite(
    "Against the AWS peer of the corpora",
    .serialized,
    .peers(.corpora),
    .enabled(if: AWSPeers.isSecondJudgePresent, AWSPeers.secondJudgeAbsence),
    .timeLimit(.minutes(5))
)
struct SecondJudgeTests {}
