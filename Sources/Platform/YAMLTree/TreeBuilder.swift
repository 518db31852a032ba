internal import Vocabulary

/// Builds trees from events with a stack of its own: depth never grows the machine's stack.
struct TreeBuilder {
    private(set) var documents: [DocumentNode] = []
    /// What was refused while the tree stayed whole; bounded.
    private(set) var faults: [YAMLFault] = []

    private let file: String
    private let limits: YAMLTree.Limits
    private let source: SourceText?
    private var open: [OpenCollection] = []
    private var root: Built?
    private var anchors: [String: Built] = [:]
    private var nodes = 0
    private static let faultLimit = 100

    init(file: String, limits: YAMLTree.Limits, source: SourceText?) {
        self.file = file
        self.limits = limits
        self.source = source
    }

    mutating func take(_ event: Event) throws(YAMLFault) {
        switch event.kind {
        case .documentStart:
            anchors = [:]
            root = nil
        case .documentEnd:
            if let root { documents.append(root.node) }
        case .alias(let name): try alias(name, event)
        case .scalar(let text, let style):
            try place(Built(node: scalar(text, style, event), weight: 1, height: 1), under: event.anchor)
        case .sequenceStart: try begin(event, isMapping: false)
        case .mappingStart: try begin(event, isMapping: true)
        case .collectionEnd:
            guard let collection = open.popLast() else { return }
            try place(collection.built, under: collection.anchor, isCounted: true)
        }
    }

    private func mark(_ event: Event) -> SourceMark {
        SourceMark(file: file, line: event.line + 1, column: event.column + 1)
    }

    private mutating func refuse(_ reason: YAMLFault.Reason, at mark: SourceMark) {
        if faults.count < Self.faultLimit { faults.append(YAMLFault(reason, at: mark)) }
    }
}

// MARK: - Nodes

extension TreeBuilder {
    private mutating func begin(_ event: Event, isMapping: Bool) throws(YAMLFault) {
        guard open.count < limits.depth else { throw YAMLFault(.tooDeep(limit: limits.depth), at: mark(event)) }
        checkTag(event, allowed: isMapping ? "map" : "seq")
        try count(1, at: mark(event))
        // From here on the name stands for this collection, which is not there before its end.
        if let anchor = event.anchor { anchors[anchor] = nil }
        open.append(OpenCollection(mark: mark(event), anchor: event.anchor, isMapping: isMapping))
    }

    private mutating func alias(_ name: String, _ event: Event) throws(YAMLFault) {
        let mark = mark(event)
        guard anchors[name] == nil, open.contains(where: { $0.anchor == name }) else {
            return try place(expanded(name, at: mark), under: nil, isAlias: true)
        }
        refuse(.recursiveAlias(name), at: mark)
        let nothing = DocumentNode(.scalar(.init(text: "", isPlain: true, pieces: [])), at: mark)
        try place(Built(node: nothing, weight: 1, height: 1), under: nil)
    }

    private mutating func scalar(_ text: String, _ style: Event.ScalarStyle, _ event: Event) -> DocumentNode {
        let pieces = source?.pieces(of: text, style: style, from: event) ?? []
        let isPlain = isPlain(event, written: style == .plain)
        return DocumentNode(.scalar(.init(text: text, isPlain: isPlain, pieces: pieces)), at: mark(event))
    }

    /// `!!str 5` is a text, `!!int "5"` a number; other tags are refused.
    private mutating func isPlain(_ event: Event, written isPlain: Bool) -> Bool {
        switch event.tag {
        case nil: return isPlain
        case "!", "tag:yaml.org,2002:str": return false
        case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null":
            return true
        case let tag?:
            refuse(.tag(tag), at: mark(event))
            return isPlain
        }
    }

    private mutating func checkTag(_ event: Event, allowed: String) {
        guard let tag = event.tag, tag != "!", tag != "tag:yaml.org,2002:" + allowed else { return }
        refuse(.tag(tag), at: mark(event))
    }

    private func expanded(_ name: String, at mark: SourceMark) throws(YAMLFault) -> Built {
        guard let target = anchors[name] else { throw YAMLFault(.unknownAlias(name), at: mark) }
        guard open.count + target.height <= limits.depth + 1 else {
            throw YAMLFault(.tooDeep(limit: limits.depth), at: mark)
        }
        return target
    }

    /// Puts a finished node where it belongs: into the innermost open collection, or at the root.
    private mutating func place(
        _ built: Built,
        under anchor: String?,
        isAlias: Bool = false,
        isCounted: Bool = false
    ) throws(YAMLFault) {
        if !isCounted { try count(isAlias ? built.weight : 1, at: built.node.mark) }
        if let anchor { anchors[anchor] = built }
        guard let last = open.indices.last else {
            root = built
            return
        }
        if let reason = open[last].add(built) { refuse(reason, at: built.node.mark) }
    }

    private mutating func count(_ weight: Int, at mark: SourceMark) throws(YAMLFault) {
        nodes += weight
        guard nodes <= limits.nodes else { throw YAMLFault(.tooManyNodes(limit: limits.nodes), at: mark) }
    }
}

/// A finished node with what it costs to copy it: nodes in it, and levels.
struct Built {
    var node: DocumentNode
    var weight: Int
    var height: Int
}

/// A sequence or mapping whose end has not come yet.
struct OpenCollection {
    let mark: SourceMark
    let anchor: String?
    private let isMapping: Bool
    private var elements: [DocumentNode] = []
    private var entries: [DocumentNode.Entry] = []
    private var key: DocumentNode?
    private var weight = 1
    private var height = 1
    /// Positions by key, kept only for mappings with many: few keys are faster to scan.
    private var index: [[UInt8]: Int]?
    private static let indexThreshold = 16

    init(mark: SourceMark, anchor: String?, isMapping: Bool) {
        self.mark = mark
        self.anchor = anchor
        self.isMapping = isMapping
    }

    var built: Built {
        let content: DocumentNode.Content = isMapping ? .mapping(entries) : .sequence(elements)
        return Built(node: DocumentNode(content, at: mark), weight: weight, height: height)
    }

    /// - Returns: what is wrong with a key.
    mutating func add(_ built: Built) -> YAMLFault.Reason? {
        weight += built.weight
        height = max(height, built.height + 1)
        guard isMapping else {
            elements.append(built.node)
            return nil
        }
        guard let known = key else {
            key = built.node
            return problem(with: built.node)
        }
        append(DocumentNode.Entry(key: known, value: built.node))
        key = nil
        return nil
    }

    private func problem(with key: DocumentNode) -> YAMLFault.Reason? {
        guard case .scalar(let scalar) = key.content else { return .structuredKey }
        if scalar.isPlain, scalar.text == "<<" { return .mergeKey }
        return place(of: scalar.text).map { .duplicateKey(scalar.text, first: entries[$0].key.mark) }
    }

    private func place(of text: String) -> Int? {
        if let index { return index[Array(text.utf8)] }
        return entries.firstIndex { $0.key.text?.isIdentical(to: text) ?? false }
    }

    private mutating func append(_ entry: DocumentNode.Entry) {
        entries.append(entry)
        if index == nil, entries.count > Self.indexThreshold { index = [:] }
        guard index != nil else { return }
        let missing = index?.isEmpty ?? true ? entries.indices : entries.indices.suffix(1)
        for place in missing {
            let bytes = Array((entries[place].key.text ?? "").utf8)
            if index?[bytes] == nil { index?[bytes] = place }
        }
    }
}
