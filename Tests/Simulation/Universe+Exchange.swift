import AWSAPI
import HTTPExchange
import KubernetesAPI
import Orchestration
import Planning
import Rehearsal
import Vocabulary

/// A request on its way to the servers and back.
extension Universe {
    mutating func exchange(_ request: HTTPRequest, by number: Int) -> Result<HTTPResponse, HTTPFault> {
        guard isAlive(number) else { return gone(request) }
        life.requests += 1
        guard life.requests <= Life.requestLimit else {
            blame("the run sends request after request without end, last: \(request.inBrief)")
            life.runAway()
            return gone(request)
        }
        // Whoever is cut short sends nothing more.
        if let deadline = life.deadline, now >= deadline { return lost(.cancelled, request) }
        servers.requests += 1
        strangersAct(.request(servers.requests))
        if life.dies(atRequest: request.isWrite, after: false) { return died("before", request) }
        let fate = life.weather.fate(&chance)
        if fate != .fine || request.isWrite { say("\(request.inBrief) meets \(fate)") }
        let answer = meet(fate, request)
        if life.dies(atRequest: request.isWrite, after: true) { return died("after", request) }
        return answer
    }

    private mutating func meet(_ fate: Weather.Fate, _ request: HTTPRequest) -> Result<HTTPResponse, HTTPFault> {
        let change = request.isWrite ? intended(request) : nil
        switch fate {
        case .fine: return .success(arrive(request, change))
        case .refused: return lost(.unreachable, request)
        case .throttled: return .success(.busy(request))
        case .broken: return .success(.failed(request))
        case .answerLost:
            _ = arrive(request, change)
            return lost(.answerLost, request)
        case .gateway:
            _ = arrive(request, change)
            return .success(.gatewayTimeout)
        case .slow: return slowly(request, change)
        }
    }

    private mutating func slowly(_ request: HTTPRequest, _ change: Sent?) -> Result<HTTPResponse, HTTPFault> {
        let isFirst = chance.isOneIn(2)
        let early = isFirst ? arrive(request, change) : nil
        let end = now.advanced(by: .milliseconds(Int.random(in: 1...life.weather.slowness * 1_000, using: &chance)))
        if let deadline = life.deadline, end >= deadline {
            now = max(now, deadline)
            // It is on its way, whoever still waits for it.
            if !isFirst, chance.isOneIn(2) { _ = arrive(request, change) }
            return lost(.cancelled, request)
        }
        now = end
        return .success(early ?? arrive(request, change))
    }

    /// The servers do what they are asked.
    private mutating func arrive(_ request: HTTPRequest, _ sent: Sent?) -> HTTPResponse {
        let (answer, tookEffect) = servers.answer(request, at: now)
        guard request.isWrite else { return answer }
        let arrival = Servers.Arrival(
            number: servers.requests,
            life: life.number,
            request: request.inBrief,
            body: request.body,
            change: sent?.id,
            isUndo: sent?.isUndo ?? false,
            isAccepted: answer.status < 300,
            tookEffect: tookEffect,
            at: now
        )
        say("\(request.inBrief): \(answer.status)\(tookEffect ? ", took effect" : "")")
        if tookEffect { expectOnce(arrival) }
        servers.arrivals.append(arrival)
        if tookEffect {
            if request.action == "CreateSnapshots" {
                servers.veil(sent?.id, sent.flatMap { disk.intents[$0.id]?.last?.at }, at: now)
            }
            servers.note()
            strangersAct(.effect(servers.arrivals.count { $0.tookEffect }))
        }
        return answer
    }

    private mutating func died(_ when: String, _ request: HTTPRequest) -> Result<HTTPResponse, HTTPFault> {
        say("dies \(when) \(request.inBrief)")
        return gone(request)
    }

    private func gone(_ request: HTTPRequest) -> Result<HTTPResponse, HTTPFault> { lost(.unreachable, request) }

    private func lost(_ reason: HTTPFault.Reason, _ request: HTTPRequest) -> Result<HTTPResponse, HTTPFault> {
        .failure(HTTPFault(reason, "the simulation says \(reason)", url: request.origin))
    }
}

// MARK: - Nothing is sent that was not written down before

extension Universe {
    /// Which durable intent a request carries out.
    struct Sent {
        var id: String
        var isUndo: Bool
    }

    private mutating func intended(_ request: HTTPRequest) -> Sent? {
        let document = request.isToCluster && !request.body.isEmpty ? try? JSONReader.parse(request.body) : nil
        for id in disk.order.reversed() {
            guard let intents = disk.intents[id], let last = intents.last else { continue }
            if intents.contains(where: { request.carries($0.change.change, document) }) {
                return count(Sent(id: id, isUndo: false), written: intents.count, request)
            }
            let bound = last.change.bound(toUID: disk.made[id])
            if case .inverse(_, let inverse, _) = bound.undo, request.carries(inverse, document) {
                return count(Sent(id: id, isUndo: true), written: disk.undoings[id] ?? 0, request)
            }
        }
        blame("\(request.inBrief) was sent, and nothing durable says so")
        return nil
    }

    /// Each sending has an intent of its own.
    private mutating func count(_ sent: Sent, written: Int, _ request: HTTPRequest) -> Sent {
        let key = (sent.isUndo ? "undo " : "") + sent.id
        sendings[key, default: 0] += 1
        if (sendings[key] ?? 0) > written {
            blame("\(request.inBrief) was sent \(sendings[key] ?? 0) times for \(written) durable intents of \(key)")
        }
        return sent
    }

    /// No change takes effect twice, unless somebody else undid it in between.
    private mutating func expectOnce(_ arrival: Servers.Arrival) {
        guard let change = arrival.change else { return }
        let earlier = servers.arrivals.last { earlier in
            earlier.change == change && earlier.isUndo == arrival.isUndo && earlier.tookEffect
                && earlier.body == arrival.body
        }
        guard let earlier, strangers.last < earlier.number, arrival.request != "ec2 CreateSnapshots" else { return }
        blame("\(change) took effect twice\(arrival.isUndo ? " when it was undone" : ""): \(arrival.request)")
    }
}

extension HTTPRequest {
    /// Whether it is what a change looks like on the wire; `document`: its body.
    fileprivate func carries(_ change: Change, _ document: JSONValue?) -> Bool {
        switch change {
        case .kubernetes(let change):
            guard isToCluster, target.prefix(while: { $0 != "?" }) == change.path else { return false }
            let methods: [KubernetesChange.Verb: String] = [.create: "POST", .patch: "PATCH", .update: "PUT"]
            return method == methods[change.verb] ?? "DELETE" && (document ?? .null) == change.body
        case .aws(let change):
            guard !isToCluster, let operation = AWSOperation.named(change.service, change.operation) else {
                return false
            }
            let wanted = try? operation.request(change.input, to: origin)
            return wanted?.target == target && wanted?.body == body
        }
    }
}
