internal import Vocabulary

/// What a check of the whole store found.
package struct StoreCheck: Sendable, Hashable {
    /// Sentences, at most `problemLimit` of them; empty when all is well.
    package var problems: [String] = []
    package var runs = 0
    package var records = 0
    package var ledger = 0
    package var plans = 0
    package var findings = 0

    package static let problemLimit = 100
    package var isSound: Bool { problems.isEmpty }

    mutating func note(_ problem: String) {
        if problems.count < Self.problemLimit { problems.append(problem) }
    }
}

extension RowReader {
    /// SQLite's own check, then every row against its checksum and every history against its run.
    func check() -> StoreCheck {
        var check = StoreCheck()
        do throws(StoreFault) {
            try snapshot { () throws(StoreFault) in try checkAll(&check) }
        } catch {
            check.note(error.report.description)
        }
        return check
    }

    private func checkAll(_ check: inout StoreCheck) throws(StoreFault) {
        let sentences = try connection.texts("PRAGMA integrity_check(\(StoreCheck.problemLimit))")
        for sentence in sentences where sentence != "ok" { check.note(sentence) }
        for table in try connection.texts("PRAGMA foreign_key_check") { check.note("\(table): a row's run is missing") }
        try checkRuns(&check)
        for history in StoreHistory.allCases { try checkHistory(history, &check) }
        for content in StoreContent.allCases { try checkContent(content, &check) }
    }

    private func checkRuns(_ check: inout StoreCheck) throws(StoreFault) {
        let select = try connection.prepare("SELECT \(Self.runColumns) FROM runs ORDER BY number")
        while try select.step() {
            check.runs += 1
            do throws(StoreFault) { _ = try Self.run(select) } catch { check.note(error.report.what) }
            guard select.integer(0) == Int64(check.runs) else {
                throw .damagedRow(table: "runs", key: "\(check.runs)", detail: "the row is missing")
            }
        }
    }

    /// Walks the runs' progress and the history side by side: both are ordered by run.
    private func checkHistory(_ history: StoreHistory, _ check: inout StoreCheck) throws(StoreFault) {
        let table = history.rawValue
        let progress = try connection.prepare("SELECT run, records, ledger, checksum FROM progress ORDER BY run")
        let entries = try connection.prepare("SELECT key, bytes, checksum FROM \(table) ORDER BY key")
        var isMore = try entries.step()
        var count = 0
        while try progress.step() {
            let number = progress.integer(0)
            do throws(StoreFault) {
                let run = try Progress(progress, at: 0, of: "\(number)")
                var next: Int64 = 1
                while isMore, entries.integer(0) >> 32 <= number {
                    let key = entries.integer(0)
                    let expected = Progress.key(run: number, number: next)
                    if key != expected { check.note("\(table): run number \(number) has no entry \(next)") }
                    if entries.integer(2) != Progress.checksum(key: key, entries.bytes(1)) {
                        check.note(
                            "\(table): entry \(key & 0xffff_ffff) of run number \(key >> 32) differs from its checksum"
                        )
                    }
                    next = (key & 0xffff_ffff) + 1
                    count += 1
                    isMore = try entries.step()
                }
                let last = run.count(of: history)
                if next != last + 1 { check.note("\(table): run number \(number) ends at \(next - 1), not \(last)") }
            } catch {
                guard case .damagedRow = error else { throw error }
                check.note(error.report.what)
            }
        }
        if isMore { check.note("\(table): entries without a run") }
        switch history {
        case .records: check.records = count
        case .ledger: check.ledger = count
        }
    }

    private func checkContent(_ content: StoreContent, _ check: inout StoreCheck) throws(StoreFault) {
        let select = try connection.prepare("SELECT key, bytes, checksum FROM \(content.rawValue)")
        var count = 0
        while try select.step() {
            count += 1
            if select.integer(2) != Progress.checksum(key: select.text(0), select.bytes(1)) {
                check.note("\(content.rawValue): “\(select.text(0))” differs from its checksum")
            }
        }
        switch content {
        case .plans: check.plans = count
        case .findings: check.findings = count
        }
    }
}
