/// How far a run's histories have come.
struct Progress {
    /// The run's place in the order of acceptance.
    let run: Int64
    var records: Int64
    var ledger: Int64

    /// Numbers below this fit into a key.
    static let limit: Int64 = 1 << 32
    /// Runs below this fit into a key.
    static let runLimit: Int64 = 1 << 31

    static func key(run: Int64, number: Int64) -> Int64 { run << 32 | number }

    var checksum: Int64 {
        var sum = Checksum()
        sum.add(run)
        sum.add(records)
        sum.add(ledger)
        return sum.value
    }

    func count(of history: StoreHistory) -> Int64 {
        switch history {
        case .records: records
        case .ledger: ledger
        }
    }

    static func checksum(key: Int64, _ bytes: [UInt8]) -> Int64 {
        var sum = Checksum()
        sum.add(key)
        sum.add(bytes)
        return sum.value
    }

    static func checksum(key: String, _ bytes: [UInt8]) -> Int64 {
        var sum = Checksum()
        sum.add(key)
        sum.add(bytes)
        return sum.value
    }
}

extension Progress {
    /// Reads `run, records, ledger, checksum` that begin at this column.
    init(_ row: Statement, at column: Int32, of id: String) throws(StoreFault) {
        run = row.integer(column)
        records = row.integer(column + 1)
        ledger = row.integer(column + 2)
        guard row.integer(column + 3) == checksum else {
            throw .damagedRow(table: "progress", key: id, detail: "the checksum differs")
        }
    }
}
