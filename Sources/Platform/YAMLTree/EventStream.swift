internal import CYAML
internal import Vocabulary

/// One libyaml event as a value.
struct Event: Sendable {
    enum Kind: Sendable {
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(text: String, style: ScalarStyle)
        case sequenceStart
        case mappingStart
        /// Of a sequence or a mapping.
        case collectionEnd
    }

    enum ScalarStyle: Sendable {
        case plain, singleQuoted, doubleQuoted, block
    }

    var kind: Kind
    var anchor: String?
    var tag: String?
    /// Counts from 0, as libyaml does; `index` counts Unicode scalars after the byte order mark.
    var line: Int
    var column: Int
    var index: Int
}

/// Owns one `yaml_parser_t` and the bytes that it reads; `deinit` is the only place that frees them.
///
/// Both live on the heap: the parser keeps pointers to the input and to itself.
@safe struct EventStream: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let file: String

    init(_ bytes: [UInt8], file: String) throws(YAMLFault) {
        self.file = file
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count + 1)
        _ = unsafe copy.initialize(from: bytes + [0])
        let made = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        unsafe made.initialize(to: unsafe yaml_parser_t())
        unsafe input = copy
        unsafe parser = made
        guard unsafe yaml_parser_initialize(made) == 1 else {
            // The only cause is a failed allocation inside libyaml; deinit still frees what there is.
            throw YAMLFault(.syntax(problem: "out of memory", since: nil), at: Self.start(of: file))
        }
        unsafe yaml_parser_set_input_string(made, copy.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }

    /// The next event; nil at the end of the stream.
    func next() throws(YAMLFault) -> Event? {
        while true {
            var event = unsafe yaml_event_t()
            guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw fault() }
            defer { unsafe yaml_event_delete(&event) }
            switch unsafe event.type {
            case YAML_STREAM_START_EVENT: continue
            case YAML_STREAM_END_EVENT, YAML_NO_EVENT: return nil
            default: return unsafe Self.value(of: event)
            }
        }
    }

    private static func value(of event: yaml_event_t) -> Event? {
        switch unsafe event.type {
        case YAML_DOCUMENT_START_EVENT: unsafe plain(.documentStart, event)
        case YAML_DOCUMENT_END_EVENT: unsafe plain(.documentEnd, event)
        case YAML_ALIAS_EVENT: unsafe plain(.alias(text(event.data.alias.anchor) ?? ""), event)
        case YAML_SCALAR_EVENT: unsafe scalar(event)
        case YAML_SEQUENCE_START_EVENT:
            unsafe collection(.sequenceStart, event, event.data.sequence_start.anchor, event.data.sequence_start.tag)
        case YAML_MAPPING_START_EVENT:
            unsafe collection(.mappingStart, event, event.data.mapping_start.anchor, event.data.mapping_start.tag)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: unsafe plain(.collectionEnd, event)
        default: nil
        }
    }

    private static func plain(_ kind: Event.Kind, _ event: yaml_event_t) -> Event {
        unsafe collection(kind, event, nil, nil)
    }

    private static func collection(
        _ kind: Event.Kind,
        _ event: yaml_event_t,
        _ anchor: UnsafeMutablePointer<yaml_char_t>?,
        _ tag: UnsafeMutablePointer<yaml_char_t>?
    ) -> Event {
        let mark = unsafe event.start_mark
        return unsafe Event(
            kind: kind,
            anchor: text(anchor),
            tag: text(tag),
            line: Int(mark.line),
            column: Int(mark.column),
            index: Int(mark.index)
        )
    }

    private static func scalar(_ event: yaml_event_t) -> Event {
        let scalar = unsafe event.data.scalar
        let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        let text = unsafe String(decoding: bytes, as: UTF8.self)
        let style: Event.ScalarStyle =
            switch unsafe scalar.style {
            case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
            case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
            case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
            default: .plain
            }
        return unsafe collection(.scalar(text: text, style: style), event, scalar.anchor, scalar.tag)
    }

    private static func text(_ characters: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        guard let characters = unsafe characters else { return nil }
        return unsafe String(cString: characters)
    }

    private static func start(of file: String) -> SourceMark { SourceMark(file: file, line: 1, column: 1) }
}

// MARK: - Faults

extension EventStream {
    private func fault() -> YAMLFault {
        let state = unsafe parser.pointee
        let problem = unsafe state.problem.map { unsafe String(cString: $0) } ?? "the text cannot be read"
        guard unsafe state.error != YAML_READER_ERROR else {
            return YAMLFault(.encoding(problem: problem), at: mark(ofByte: unsafe state.problem_offset))
        }
        let mark = unsafe mark(state.problem_mark)
        if problem == "found character that cannot start any token", isTab(unsafe state.problem_mark) {
            return YAMLFault(.tab, at: mark)
        }
        let since = unsafe state.context.map { text in
            unsafe YAMLFault.Since(context: String(cString: text), mark: self.mark(state.context_mark))
        }
        return YAMLFault(.syntax(problem: problem, since: since), at: mark)
    }

    private func mark(_ mark: yaml_mark_t) -> SourceMark {
        SourceMark(file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }

    /// libyaml's reader knows only bytes: lines and scalars before the offset are counted here.
    private func mark(ofByte offset: Int) -> SourceMark {
        let before = unsafe Array(input.prefix(min(max(0, offset), input.count - 1)))
        var line = 1
        var column = 1
        let scalars = SourceText.scalars(before)
        for (place, scalar) in scalars.enumerated() {
            if scalar == "\r", place + 1 < scalars.count, scalars[place + 1] == "\n" { continue }
            if SourceText.isBreak(scalar) {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }
        return SourceMark(file: file, line: line, column: column)
    }

    private func isTab(_ mark: yaml_mark_t) -> Bool {
        guard let text = unsafe SourceText(Array(input.dropLast())) else { return false }
        let index = Int(mark.index)
        return text.scalars.indices.contains(index) && text.scalars[index] == "\t"
    }
}
