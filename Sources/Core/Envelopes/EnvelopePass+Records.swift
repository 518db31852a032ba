internal import Findings
internal import Vocabulary

/// Records of shippers, and the alerts inside of them.
extension EnvelopePass {
    mutating func record(
        _ members: JSONObject,
        _ value: JSONValue,
        _ original: [UInt8],
        _ around: AlertSurroundings,
        depth: Int
    ) {
        let isAlert = FalcoSigns.isAlert(members)
        if isAlert, !ShipperSigns.isRecord(members) { return alert(value, original, around) }
        if let again = ShipperSigns.reject(members) { return text(again, around, depth: depth + 1) }
        var around = around
        around.take(members)
        if let log = members["log"]?.string ?? (isAlert ? nil : members["message"]?.string), depth < 8 {
            return self.log(log, members, original, around, isAlert: isAlert, depth: depth)
        }
        if let inner = ShipperSigns.inner(members) {
            return document(inner, Array(JSONWriter.compact(inner).utf8), around, depth: depth + 1)
        }
        if isAlert {
            let own = FalcoSigns.own(members)
            return alert(own, Array(JSONWriter.compact(own).utf8), around)
        }
        if FalcoSigns.isDamaged(members) { return alert(value, original, around) }
        noise(members.isEmpty || members["log"] != nil ? .blank : .foreignJSON)
    }

    mutating func alert(_ value: JSONValue, _ original: [UInt8], _ around: AlertSurroundings) {
        guard original.count <= FalcoAlert.byteLimit else {
            return reject(FalcoFault.tooLarge(limit: FalcoAlert.byteLimit), original)
        }
        do throws(FalcoFault) {
            let alert = try FalcoAlert(value, original: original)
            var around = around
            if let cluster = ShipperSigns.cluster(alert.fields) { around.cluster = cluster }
            add(alert.isInternal ? .internalEvent(alert, around, at: place) : .alert(alert, around, at: place))
        } catch {
            reject(error, original)
        }
    }

    // MARK: - Log strings

    /// The text in a shipper's record: a line, a part of one, or something that is no alert.
    private mutating func log(
        _ log: String,
        _ members: JSONObject,
        _ original: [UInt8],
        _ around: AlertSurroundings,
        isAlert: Bool,
        depth: Int
    ) {
        let text = Array(log.utf8)
        if let order = PartSigns.numbered(members) { return open(text, order, around, original) }
        let tag = (members["logtag"] ?? members["_p"])?.string
        if tag == "P" { return open(text, .next(isLast: false), around, original) }
        var pass = inner
        pass.text(text, around, depth: depth + 1)
        if pass.hasAlert {
            readings += pass.readings
        } else if let inner = ShipperSigns.inner(members) {
            document(inner, Array(JSONWriter.compact(inner).utf8), around, depth: depth + 1)
        } else if isAlert {
            let own = FalcoSigns.own(members)
            alert(own, Array(JSONWriter.compact(own).utf8), around)
        } else if tag != nil {
            close(text, isLast: true, mayOpen: false, pass, around, original)
        } else {
            untagged(text, pass, around, original, isDocker: PartSigns.isDocker(members))
        }
    }

    /// A message of a log group; parts of lines are not marked here.
    mutating func message(_ text: [UInt8], _ around: AlertSurroundings, depth: Int) {
        var pass = inner
        pass.text(text, around, depth: depth)
        guard !pass.hasAlert, pass.readings.count == 1, case .item(let item)? = pass.readings.first, item.isNoAlert
        else {
            readings += pass.readings
            return
        }
        untagged(text, pass, around, text, isDocker: false)
    }

    /// Docker's log files end whole lines with a newline; elsewhere only the size tells.
    private mutating func untagged(
        _ text: [UInt8],
        _ pass: EnvelopePass,
        _ around: AlertSurroundings,
        _ original: [UInt8],
        isDocker: Bool
    ) {
        let isWhole = text.last == 0x0a || !isDocker && text.count < PartSigns.runtimeLimit
        let isCut = !isWhole && text.first == UInt8(ascii: "{")
        close(text, isLast: isWhole, mayOpen: isCut, pass, around, original)
    }

    private mutating func open(
        _ text: [UInt8],
        _ order: AlertPart.Order,
        _ around: AlertSurroundings,
        _ original: [UInt8]
    ) {
        readings.append(
            .part(
                AlertPart(
                    text: text,
                    order: order,
                    mayOpen: true,
                    alone: [],
                    surroundings: around,
                    place: place,
                    original: self.original ?? original
                )
            )
        )
    }

    private mutating func close(
        _ text: [UInt8],
        isLast: Bool,
        mayOpen: Bool,
        _ pass: EnvelopePass,
        _ around: AlertSurroundings,
        _ original: [UInt8]
    ) {
        readings.append(
            .part(
                AlertPart(
                    text: text,
                    order: .next(isLast: isLast),
                    mayOpen: mayOpen,
                    alone: pass.items,
                    surroundings: around,
                    place: place,
                    original: self.original ?? original
                )
            )
        )
    }

    private var hasAlert: Bool {
        readings.contains {
            switch $0 {
            case .item(let item): !item.isNoAlert
            case .part: true
            }
        }
    }

    // MARK: - Lines

    /// A line that does not begin as JSON.
    mutating func line(_ line: [UInt8], _ around: AlertSurroundings, depth: Int) {
        guard let prefix = LinePrefix(line) else {
            guard let alert = FalcoAlert(textLine: line, near: around.receivedAt) else { return noise(.text) }
            return add(alert.isInternal ? .internalEvent(alert, around, at: place) : .alert(alert, around, at: place))
        }
        var around = around
        around.receivedAt = prefix.time
        around.stream = prefix.stream ?? around.stream
        let rest = Array(line[prefix.end...])
        if prefix.isPart == true { return open(rest, .next(isLast: false), around, line) }
        var pass = inner
        pass.text(rest, around, depth: depth + 1)
        if prefix.isPart == nil || pass.hasAlert {
            readings += pass.readings
        } else {
            close(rest, isLast: true, mayOpen: false, pass, around, line)
        }
    }
}

extension IntakeItem {
    /// Whether it is noise or damage: a text that may still be a part of a line.
    var isNoAlert: Bool {
        switch self {
        case .noise, .reject: true
        case .alert, .internalEvent, .control: false
        }
    }
}
