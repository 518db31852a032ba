/// Writes compact text member by member, without values in between, and line by line.
package struct JSONText {
    /// A place to go back to.
    package struct Mark {
        fileprivate var count: Int
        fileprivate var isFirst: Bool
    }

    private var buffer: TextBuffer
    private var isFirst = true

    package init() { buffer = TextBuffer(after: []) }

    /// Gives the text away; what comes after begins anew.
    package mutating func finish() -> [UInt8] {
        isFirst = true
        return buffer.finish()
    }

    /// How many bytes were written since a mark.
    package func count(since mark: Mark) -> Int { buffer.count - mark.count }

    /// What was written since a mark.
    package func bytes(since mark: Mark) -> [UInt8] { buffer.bytes(from: mark.count) }

    package var mark: Mark { Mark(count: buffer.count, isFirst: isFirst) }

    /// Forgets what was written after a mark.
    package mutating func rewind(to mark: Mark) {
        buffer.rewind(to: mark.count)
        isFirst = mark.isFirst
    }

    @inline(__always)
    private mutating func separate() {
        if !isFirst { buffer.put(UInt8(ascii: ",")) }
        isFirst = false
    }

    @inline(__always)
    private mutating func begin(_ key: String) {
        buffer.put(isFirst ? 0 : UInt8(ascii: ","), quoted: key, then: UInt8(ascii: ":"))
        isFirst = false
    }

    package mutating func add(_ key: String, _ text: String) {
        begin(key)
        buffer.put(quoted: text)
    }

    /// A text that is missing adds nothing.
    package mutating func add(_ key: String, _ text: String?) {
        if let text { add(key, text) }
    }

    package mutating func add(_ key: String, _ number: Int64) {
        begin(key)
        buffer.put(number: number)
    }

    package mutating func add(_ key: String, _ flag: Bool) {
        begin(key)
        buffer.put(flag ? "true" : "false")
    }

    /// A value that is there already.
    package mutating func add(_ value: JSONValue) {
        separate()
        JSONWriter.append(value, to: &buffer)
    }

    /// Ends the text's line; the next value needs no comma before it.
    package mutating func endLine() {
        buffer.put(0x0a)
        isFirst = true
    }

    /// An element of an array.
    package mutating func add(_ text: String) {
        separate()
        buffer.put(quoted: text)
    }

    package mutating func beginObject() {
        separate()
        open(UInt8(ascii: "{"))
    }

    package mutating func beginObject(_ key: String) {
        begin(key)
        open(UInt8(ascii: "{"))
    }

    package mutating func beginArray(_ key: String) {
        begin(key)
        open(UInt8(ascii: "["))
    }

    private mutating func open(_ bracket: UInt8) {
        buffer.put(bracket)
        isFirst = true
    }

    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Ends an object that began at a mark; one without members is taken back.
    package mutating func endObject(orRewindTo mark: Mark) {
        if isFirst { rewind(to: mark) } else { endObject() }
    }

    private mutating func close(_ bracket: UInt8) {
        buffer.put(bracket)
        isFirst = false
    }
}
