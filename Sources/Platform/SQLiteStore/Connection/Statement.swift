internal import CSQLite

/// Owns one `sqlite3_stmt *`, on the thread of its connection; `deinit` is the only place that frees it.
@safe final class Statement {
    private let raw: OpaquePointer
    private let connection: Connection

    init(takingOwnership raw: OpaquePointer, of connection: Connection) {
        unsafe self.raw = raw
        self.connection = connection
    }

    deinit { unsafe sqlite3_finalize(raw) }

    /// Ends the statement's reading and lets it run again; bound values stay.
    func reset() {
        // The code repeats what `step` threw already.
        unsafe sqlite3_reset(raw)
    }

    /// The next row; false after the last, and then the statement is reset.
    func step() throws(StoreFault) -> Bool {
        let code = unsafe sqlite3_step(raw)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            reset()
            return false
        default:
            let fault = connection.fault(code)
            reset()
            throw fault
        }
    }

    /// Runs the statement to its end.
    func run() throws(StoreFault) { while try step() {} }

    // MARK: Values in; parameters count from 1

    func bind(_ index: Int32, _ value: Int64) throws(StoreFault) {
        try connection.check(unsafe sqlite3_bind_int64(raw, index, value))
    }

    /// SQLite copies the text, so the borrowed pointer may die with this call.
    func bind(_ index: Int32, _ value: String) throws(StoreFault) {
        var value = value
        let code = value.withUTF8 { text in
            unsafe text.withMemoryRebound(to: CChar.self) { characters in
                unsafe csqlite_bind_text(raw, index, characters.baseAddress, UInt64(characters.count))
            }
        }
        try connection.check(code)
    }

    /// SQLite copies the bytes, so the borrowed pointer may die with this call.
    func bind(_ index: Int32, _ value: [UInt8]) throws(StoreFault) {
        let code = unsafe value.withUnsafeBytes { bytes in
            // No address would mean NULL; nothing is a blob of length zero.
            guard let address = bytes.baseAddress, bytes.count > 0 else {
                return unsafe sqlite3_bind_zeroblob(raw, index, 0)
            }
            return unsafe csqlite_bind_bytes(raw, index, address, UInt64(bytes.count))
        }
        try connection.check(code)
    }

    // MARK: Values out; columns count from 0

    func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(raw, column) }

    func text(_ column: Int32) -> String {
        guard let text = unsafe sqlite3_column_text(raw, column) else { return "" }
        let length = unsafe Int(sqlite3_column_bytes(raw, column))
        return unsafe String(decoding: UnsafeBufferPointer(start: text, count: length), as: UTF8.self)
    }

    func bytes(_ column: Int32) -> [UInt8] {
        guard let bytes = unsafe sqlite3_column_blob(raw, column) else { return [] }
        let length = unsafe Int(sqlite3_column_bytes(raw, column))
        return unsafe Array(UnsafeRawBufferPointer(start: bytes, count: length))
    }
}
