/// All suites, in the order of the help text.
package enum Suites {
    package static let all: [any ConformanceSuite] = [
        CELSuite(),
        PatternsSuite(),
        EventsSuite(),
        FalcoSuite(),
        KubernetesSuite(),
        StateMachineSuite(),
        SigV4Suite(),
    ]
}
