package import Vocabulary

/// What the store knows of a run; everything else of it is opaque.
package struct StoredRun: Sendable, Hashable {
    /// Unique in the store.
    package var id: String
    package var playbook: String
    /// Runs of one subject are serialised.
    package var subject: String
    package var incident: String
    package var status: String
    package var started: Timestamp
    package var updated: Timestamp
    package var meta: [UInt8]

    package init(
        id: String,
        playbook: String,
        subject: String,
        incident: String,
        status: String,
        started: Timestamp,
        updated: Timestamp,
        meta: [UInt8] = []
    ) {
        self.id = id
        self.playbook = playbook
        self.subject = subject
        self.incident = incident
        self.status = status
        self.started = started
        self.updated = updated
        self.meta = meta
    }

    func checksum(number: Int64) -> Int64 {
        var sum = Checksum()
        sum.add(number)
        for text in [id, playbook, subject, incident, status] { sum.add(text) }
        sum.add(started.nanoseconds)
        sum.add(updated.nanoseconds)
        sum.add(meta)
        return sum.value
    }

    var size: Int {
        [id, playbook, subject, incident, status].reduce(meta.count) { $0 + $1.utf8.count }
    }
}

/// A run as a list shows it.
package struct ListedRun: Sendable, Hashable {
    package var run: StoredRun
    /// How many records and ledger entries it has; their numbers count from 1 without gaps.
    package var records: Int
    package var ledger: Int
    /// Where a list goes on after this run.
    package var place: RunPlace
}

/// A place between two runs of a list.
package struct RunPlace: Sendable, Hashable, Codable {
    package var started: Timestamp
    /// In the order of acceptance.
    package var number: Int64
}

/// Which runs, and in which order.
package struct RunQuery: Sendable, Hashable {
    package enum Order: Sendable, Hashable {
        case newestFirst, oldestFirst
    }

    package var status: String?
    package var playbook: String?
    package var subject: String?
    package var incident: String?
    /// Started at this moment or later.
    package var from: Timestamp?
    /// Started before this moment.
    package var until: Timestamp?
    package var order = Order.newestFirst
    package var after: RunPlace?
    /// At most `StoreLimits.pageRows`.
    package var limit = 100

    package init() {}
}

/// A part of an answer that may be longer.
package struct StorePage<Row: Sendable, Next: Sendable>: Sendable {
    package var rows: [Row]
    /// Where the rest begins; nil when there is none.
    package var next: Next?
}

extension StorePage: Equatable where Row: Equatable, Next: Equatable {}

/// One record or ledger entry of a run.
package struct StoredEntry: Sendable, Hashable {
    package var number: Int
    package var bytes: [UInt8]

    package init(number: Int, bytes: [UInt8]) {
        self.number = number
        self.bytes = bytes
    }
}
