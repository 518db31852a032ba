/// Searches for the smallest label edit by which a pod escapes policies.
///
/// Of every key only a few values can differ: the present one, none, those that a selector names, and one that no
/// selector names. A policy is escaped as soon as one of its requirements fails, and requirements look at one key each,
/// so every (key, value) escapes a fixed set of policies and the search is for a union of such sets.
struct LabelEscape {
    /// What a choice of labels costs, worst first.
    struct Cost: Comparable {
        /// Policies that keep selecting the pod and cannot be patched.
        var unanswered = 0
        var patched = 0
        var borrowed = 0
        /// Services and controllers that lose the pod.
        var released = 0
        var edits = 0

        static func < (left: Cost, right: Cost) -> Bool {
            (left.unanswered, left.patched, left.borrowed, left.released, left.edits)
                < (right.unanswered, right.patched, right.borrowed, right.released, right.edits)
        }
    }

    private struct Option {
        var edit: LabelEdit?
        var escapes: PolicyMask
    }

    /// How many partial choices are looked at before the best one so far has to do.
    static let visitLimit = 60_000
    /// Keys beyond these, the least mentioned ones, are left alone.
    static let keyLimit = 48
    /// Values of one key that escape the same policies, kept in case a Service picks up the first ones.
    private static let alikeLimit = 8

    private let labels: [String: String]
    private let bystanders: [LabelBystander]
    private let none: PolicyMask
    private let patchable: PolicyMask
    private let unpatchable: PolicyMask
    /// Options by key, the unchanged label first; `reachable[n]` is what the keys from n on can escape at most.
    private var options: [[Option]] = []
    private var reachable: [PolicyMask] = []
    private var best: (cost: Cost, edits: [LabelEdit])
    private var visits = 0
    private let isWhole: Bool

    /// Takes the pod's labels with the mark among them, keys that no edit may touch, and every leaky policy's selector.
    init(
        labels: [String: String],
        fixed: Set<String>,
        policies: [(selector: LabelSelector, isPatchable: Bool)],
        bystanders: [LabelBystander],
        freshValue: String
    ) {
        self.labels = labels
        self.bystanders = bystanders
        var patchable = PolicyMask(count: policies.count)
        var unpatchable = PolicyMask(count: policies.count)
        for (place, policy) in policies.enumerated() {
            if policy.isPatchable { patchable.insert(place) } else { unpatchable.insert(place) }
        }
        none = PolicyMask(count: policies.count)
        (self.patchable, self.unpatchable) = (patchable, unpatchable)
        best = (Cost(unanswered: .max), [])
        let selectors = policies.map(\.selector)
        let keys = Self.keys(of: selectors, beside: fixed)
        isWhole = keys.count <= Self.keyLimit
        for key in fixed.sorted() + keys.prefix(Self.keyLimit) {
            options.append(Self.options(for: key, labels[key], fixed.contains(key), selectors, freshValue))
        }
        reachable = [PolicyMask(count: policies.count)]
        for options in options.reversed() {
            let all = options.reduce(reachable[0]) { $0.union($1.escapes) }
            reachable.insert(all, at: 0)
        }
    }

    /// The best edit; `isExact` is false when the search was cut short.
    mutating func search() -> (edits: [LabelEdit], isExact: Bool) {
        startGreedily()
        descend(0, escaped: none, edits: [], borrowed: 0)
        return (best.edits, isWhole && visits <= Self.visitLimit)
    }

    /// The keys that selectors mention, the most mentioned first.
    private static func keys(of selectors: [LabelSelector], beside fixed: Set<String>) -> [String] {
        var mentions: [String: Int] = [:]
        for key in selectors.flatMap({ $0.requirements.map(\.key) }) where !fixed.contains(key) {
            mentions[key, default: 0] += 1
        }
        return mentions.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    }

    /// Whether a bystander would pick the pod up that does not have it now: never done to escape a policy.
    static func intrudes(_ edits: [LabelEdit], _ labels: [String: String], _ bystanders: [LabelBystander]) -> String? {
        let after = labels.applying(edits)
        return bystanders.first { $0.selector.matches(after) && !$0.selector.matches(labels) }?.name
    }

    private static func options(
        for key: String,
        _ present: String?,
        _ isFixed: Bool,
        _ selectors: [LabelSelector],
        _ freshValue: String
    ) -> [Option] {
        let conditions = selectors.map { $0.requirements.filter { $0.key == key } }
        func option(_ value: String?, _ edit: LabelEdit?) -> Option {
            var mask = PolicyMask(count: selectors.count)
            for (place, mine) in conditions.enumerated() where !mine.allSatisfy({ $0.holds(for: value) }) {
                mask.insert(place)
            }
            return Option(edit: edit, escapes: mask)
        }
        var found = [option(present, nil)]
        guard !isFixed else { return found }
        let named = Set(conditions.flatMap { $0.flatMap(\.values) })
        if present != nil { found.append(option(nil, LabelEdit(key, from: present, to: nil))) }
        let fresh = LabelSelector.valueBeside(named.union([present ?? ""]), startingFrom: freshValue)
        found.append(option(fresh, LabelEdit(key, from: present, to: fresh)))
        var alike: [PolicyMask: Int] = [:]
        for value in named.sorted() where value != present {
            let borrowed = option(value, LabelEdit(key, from: present, to: value, isBorrowed: true))
            alike[borrowed.escapes, default: 0] += 1
            if alike[borrowed.escapes, default: 0] <= alikeLimit { found.append(borrowed) }
        }
        return found
    }

    /// Takes the option that helps most, again and again: a good bound for the search, and the answer when it is cut.
    private mutating func startGreedily() {
        var chosen: [Int] = Array(repeating: 0, count: options.count)
        adopt(chosen)
        while true {
            var next = best.cost
            var choice: [Int]?
            for key in options.indices {
                for place in options[key].indices where place != chosen[key] {
                    var candidate = chosen
                    candidate[key] = place
                    guard let cost = cost(candidate), cost < next else { continue }
                    (next, choice) = (cost, candidate)
                }
            }
            guard let choice else { return }
            chosen = choice
            adopt(chosen)
        }
    }

    private mutating func adopt(_ chosen: [Int]) {
        guard let cost = cost(chosen), cost < best.cost else { return }
        best = (cost, zip(options, chosen).compactMap { $0[$1].edit })
    }

    private func cost(_ chosen: [Int]) -> Cost? {
        var escaped = none
        for (options, place) in zip(options, chosen) { escaped.formUnion(options[place].escapes) }
        return cost(escaped, zip(options, chosen).compactMap { $0[$1].edit })
    }

    /// Nil when the edit would hand the pod to somebody new.
    private func cost(_ escaped: PolicyMask, _ edits: [LabelEdit]) -> Cost? {
        guard Self.intrudes(edits, labels, bystanders) == nil else { return nil }
        let after = labels.applying(edits)
        let released = bystanders.filter { $0.selector.matches(labels) && !$0.selector.matches(after) }
        return Cost(
            unanswered: escaped.missing(from: unpatchable),
            patched: escaped.missing(from: patchable),
            borrowed: edits.filter(\.isBorrowed).count,
            released: released.count,
            edits: edits.count
        )
    }

    /// Depth first over the keys (their number bounds the depth), leaving out what cannot beat the best.
    private mutating func descend(_ key: Int, escaped: PolicyMask, edits: [LabelEdit], borrowed: Int) {
        visits += 1
        guard visits <= Self.visitLimit else { return }
        let utmost = escaped.union(reachable[key])
        let bound = Cost(
            unanswered: utmost.missing(from: unpatchable),
            patched: utmost.missing(from: patchable),
            borrowed: borrowed,
            edits: edits.count
        )
        guard bound < best.cost else { return }
        guard key < options.count else {
            if let cost = cost(escaped, edits), cost < best.cost { best = (cost, edits) }
            return
        }
        for option in options[key] {
            let more = option.edit.map { edits + [$0] } ?? edits
            let borrows = option.edit?.isBorrowed == true ? 1 : 0
            descend(key + 1, escaped: escaped.union(option.escapes), edits: more, borrowed: borrowed + borrows)
        }
    }
}

extension [String: String] {
    /// The labels after the edits.
    package func applying(_ edits: [LabelEdit]) -> [String: String] {
        var labels = self
        for edit in edits { labels[edit.key] = edit.after }
        return labels
    }
}
