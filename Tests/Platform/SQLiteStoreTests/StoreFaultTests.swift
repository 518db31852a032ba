import SQLiteStore
import Testing
import Vocabulary

@Suite("The store's faults say what, where and how to put it right")
struct StoreFaultTests {
    @Test(
        "each has its sentence",
        arguments: [
            (
                StoreFault.held(path: "/s", process: 42),
                "STORE-002 process 42 writes to this store (at /s). Fix: ask that process to do it, "
                    + "or end process 42 first; reading is possible"
            ),
            (
                .held(path: "/s", process: nil),
                "STORE-002 another process writes to this store (at /s). Fix: end the other process first; "
                    + "reading is possible"
            ),
            (
                .openToOthers(path: "/s", mode: 0o755),
                "STORE-003 others may use what must be private (mode 0755) (at /s). Fix: chmod go-rwx “/s”, "
                    + "or name a folder of its own for the store"
            ),
            (
                .full(path: "/s"),
                "STORE-008 there is no space left for the store (at /s). Fix: free some space, then repeat: "
                    + "nothing of this request was kept"
            ),
            (
                .gone(path: "/s"),
                "STORE-012 the store's files were moved or removed while it ran; the last commit is not safe (at /s). "
                    + "Fix: put the files back or restore a backup, start again, and look before repeating"
            ),
            (
                .outOfOrder(run: "r", table: "records", expected: 3, found: 5),
                "STORE-015 records of run “r” go on with number 3, not 5 (at records of run r, number 5). "
                    + "Fix: read the run again: somebody else drove it on"
            ),
            (
                .tooLarge(what: "a record", size: 9, limit: 8),
                "STORE-019 a record has a size of 9; the limit is 8. Fix: store less at once, or split it"
            ),
            (
                .damagedRow(table: "records", key: "r 3", detail: "the checksum differs"),
                "STORE-023 records “r 3” is not as it was written: the checksum differs (at records r 3). "
                    + "Fix: check the store, and take this row from the last backup"
            ),
        ]
    )
    func sentences(_ fault: StoreFault, _ sentence: String) {
        #expect(fault.description == sentence)
    }

    @Test("only a lost commit is unknown, and only what passes by itself is worth a repetition")
    func retries() {
        #expect(StoreFault.failed(path: "", detail: "").report.retry == .unknown)
        #expect(StoreFault.gone(path: "").report.retry == .unknown)
        #expect(StoreFault.full(path: "").report.retry == .transient)
        #expect(StoreFault.overloaded(path: "", waiting: 1).report.retry == .transient)
        #expect(StoreFault.corrupt(path: "", detail: "").report.retry == .permanent)
    }
}
