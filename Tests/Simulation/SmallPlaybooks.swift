/// Playbooks of a few states each, for the corners that the stock ones leave out.
enum SmallPlaybooks {
    static let all = [
        ("isolate", isolate), ("cordon", cordon), ("snapshot", snapshot), ("hurry", hurry), ("patient", patient),
        ("twice", twice), ("tidy", tidy),
    ]

    private static let isolate = """
        playbook: isolate
        states:
          isolate:
            action: isolate-pod
            retry: [{ errors: [any], interval: 5s, attempts: 2 }]
            end: true

        """

    /// No retry and no catch: whatever goes wrong ends the run.
    private static let cordon = """
        playbook: cordon
        states:
          cordon: { action: cordon-node, with: { taint: true } }
          tell: { action: update-finding, with: { workflow: NOTIFIED, note: cordoned }, end: true }

        """

    private static let snapshot = """
        playbook: snapshot
        states:
          root:
            action: snapshot-volumes
            with: { include: root }
            timeout: 90s
            retry: [{ errors: [Timeout, Throttled, Unavailable], interval: 20s, attempts: 3 }]
            catch: [{ errors: [any], next: rest }]
          rest:
            action: snapshot-volumes
            with: { include: all }
            retry: [{ errors: [any], interval: 10s, attempts: 3, jitter: full }]
            end: true

        """

    /// Timeouts that slow answers run into.
    private static let hurry = """
        playbook: hurry
        states:
          isolate:
            action: isolate-pod
            timeout: 10s
            retry: [{ errors: [Timeout], interval: 3s, attempts: 1 }, { errors: [Unavailable], attempts: 2 }]
            catch: [{ errors: [Timeout, Unverified], next: cordon, as: late }, { errors: [any], next: giveUp }]
          cordon:
            action: cordon-node
            timeout: 4s
            retry: [{ errors: [any], interval: 1s, attempts: 3 }]
            catch: [{ errors: [any], next: giveUp }]
            end: true
          giveUp: { fail: { error: GaveUp, cause: "too slow" } }

        """

    /// Waits of hours, and looks again.
    private static let patient = """
        playbook: patient
        states:
          begin: { set: { round: 0 } }
          isolate:
            action: isolate-pod
            timeout: 2m
            catch: [{ errors: [any], next: pause, as: problem }]
          enough: { choice: [{ when: "run.containment == 'contained'", next: cordon }], otherwise: pause }
          pause: { wait: 6h }
          count: { set: { round: "${{ vars.round + 1 }}" } }
          again: { choice: [{ when: "vars.round < 3", next: isolate }], otherwise: cordon }
          cordon:
            action: cordon-node
            when: run.containment != 'contained'
            retry: [{ errors: [any], interval: 1m, attempts: 4 }]
            catch: [{ errors: [any], next: done }]
          done: { succeed: true }

        """

    /// The same states once more.
    private static let twice = """
        playbook: twice
        states:
          first: { set: { round: 1 } }
          isolate:
            action: isolate-pod
            with: { patchPolicies: always }
            catch: [{ errors: [any], next: snapshot }]
          snapshot:
            action: snapshot-volumes
            timeout: 3m
            catch: [{ errors: [any], next: rest }]
          rest: { wait: 20s }
          more: { choice: [{ when: "vars.round == 2", next: done }], otherwise: second }
          second: { set: { round: 2 } }
          back: { choice: [{ when: "true", next: isolate }], otherwise: done }
          done: { succeed: true }

        """

    /// With a `finally`, which comes whatever happened.
    private static let tidy = """
        playbook: tidy
        states:
          isolate: { action: isolate-pod, timeout: 1m }
          cordon: { action: cordon-node, with: { taint: true }, timeout: 1m }
          stop: { fail: { error: Enough, cause: "on purpose" } }
        finally:
          - action: snapshot-volumes
            timeout: 5m
          - action: update-finding
            with: { workflow: NOTIFIED, note: "${{ run.status }} ${{ run.containment }}" }

        """
}
