/// One change to a pod's labels.
package struct LabelEdit: Sendable, Hashable, Codable, CustomStringConvertible {
    package var key: String
    /// Nil when the pod did not have the label.
    package var before: String?
    /// Nil to remove the label.
    package var after: String?
    /// Whether the new value is one that a policy exempts, and others may select on.
    package var isBorrowed: Bool

    package init(_ key: String, from before: String?, to after: String?, isBorrowed: Bool = false) {
        self.key = key
        self.before = before
        self.after = after
        self.isBorrowed = isBorrowed
    }

    package var description: String {
        switch (before, after) {
        case (let before?, nil): "remove \(key)=\(before)"
        case (nil, let after?): "add \(key)=\(after)"
        case (let before?, let after?): "change \(key) from “\(before)” to “\(after)”"
        case (nil, nil): "leave \(key) absent"
        }
    }
}

/// Something that picks pods by their labels and would act on one that it picks: a Service, a controller, a budget.
package struct LabelBystander: Sendable, Hashable, Codable {
    /// `Service checkout`.
    package var name: String
    package var selector: LabelSelector

    package init(_ name: String, _ selector: LabelSelector) {
        self.name = name
        self.selector = selector
    }
}
