extension Checker {
    mutating func inferCall(
        _ name: String,
        _ target: Syntax?,
        _ arguments: [Syntax],
        at offset: Int
    ) -> ExpressionType {
        if let function = global(name, target) { return infer(function, arguments, at: offset) }
        guard let target else {
            for argument in arguments { _ = infer(argument) }
            return unknown(name, among: FunctionLibrary.globals, at: offset)
        }
        if name == "or" || name == "orValue" { return inferElse(name, target, arguments, at: offset) }
        guard let function = FunctionLibrary.members[name] else {
            for argument in [target] + arguments { _ = infer(argument) }
            return unknown(name, among: FunctionLibrary.members, at: offset)
        }
        return infer(function, [target] + arguments, at: offset)
    }

    private mutating func unknown(_ name: String, among known: [String: Function], at offset: Int) -> ExpressionType {
        let hint = NearestName.suggestion(for: name, among: known.keys)
        return report("no function is called “\(name)”\(hint)", at: offset)
    }

    private func global(_ name: String, _ target: Syntax?) -> Function? {
        guard let target else {
            return FunctionLibrary.globals[name.hasPrefix(".") ? String(name.dropFirst()) : name]
        }
        guard let space = target.dottedName, space.isAbsolute || !isBound(space.names[0]) else { return nil }
        return FunctionLibrary.globals[(space.names + [name]).joined(separator: ".")]
    }

    private mutating func inferElse(
        _ name: String,
        _ target: Syntax,
        _ arguments: [Syntax],
        at offset: Int
    ) -> ExpressionType {
        let type = infer(target)
        guard arguments.count == 1 else {
            return report("\(name) takes 1 argument, not \(arguments.count)", at: offset)
        }
        let other = infer(arguments[0])
        guard type.fits(.optional(.dyn)) else {
            return report("\(name) works on an optional, not on \(type.name)", at: offset)
        }
        return name == "or" ? type.joined(with: other) : type.wrapped.joined(with: other)
    }

    private mutating func infer(_ function: Function, _ arguments: [Syntax], at offset: Int) -> ExpressionType {
        var types: [ExpressionType] = []
        for argument in arguments { types.append(infer(argument)) }
        let candidates = function.overloads.filter { overload in
            overload.parameters.count == types.count || (overload.isVariadic && !types.isEmpty)
        }
        guard !candidates.isEmpty else {
            let given = types.count - (function.isMember ? 1 : 0)
            return report("\(function.name) takes \(Self.shown(function)), not \(given)", at: offset)
        }
        var results: [ExpressionType] = []
        for overload in candidates where overload.takes(types) {
            results.append(overload.derive?(types) ?? overload.result)
        }
        guard var result = results.first else {
            return report(Self.mismatch(function, types, candidates), at: offset)
        }
        for other in results.dropFirst() { result = result.joined(with: other) }
        checkPattern(function, arguments)
        return result
    }

    private static func shown(_ function: Function) -> String {
        let counts = function.counts
        if function.isVariadic { return "one argument or more" }
        let list = counts.map { String($0) }.joined(separator: " or ")
        return counts == [1] ? "1 argument" : "\(list) arguments"
    }

    private static func mismatch(_ function: Function, _ types: [ExpressionType], _ overloads: [Overload]) -> String {
        var wanted: [String] = []
        for overload in overloads {
            wanted.append(text(overload.parameters, isMember: function.isMember, function.name))
        }
        let given = text(types, isMember: function.isMember, function.name)
        return "\(given) is not possible; there is \(wanted.joined(separator: ", "))"
    }

    private static func text(_ types: [ExpressionType], isMember: Bool, _ name: String) -> String {
        let names = types.map(\.name)
        let inner = (isMember ? Array(names.dropFirst()) : names).joined(separator: ", ")
        return isMember ? "(\(names.first ?? "")).\(name)(\(inner))" : "\(name)(\(inner))"
    }

    private mutating func checkPattern(_ function: Function, _ arguments: [Syntax]) {
        guard function.name == "matches", let pattern = arguments.last,
            case .literal(.string(let text)) = pattern.form
        else { return }
        do throws(ExpressionFault) {
            _ = try TextPattern.compiled(text)
        } catch {
            _ = report(error.message, at: pattern.offset)
        }
    }
}

extension Overload {
    fileprivate func takes(_ types: [ExpressionType]) -> Bool {
        for (place, type) in types.enumerated() {
            let wanted = place < parameters.count ? parameters[place] : parameters.last ?? .dyn
            guard type.fits(wanted) else { return false }
        }
        return true
    }
}

// MARK: - Operators

extension Checker {
    mutating func infer(
        _ symbol: BinaryOperator,
        _ left: Syntax,
        _ right: Syntax,
        at offset: Int
    ) -> ExpressionType {
        let a = infer(left)
        let b = infer(right)
        guard let result = Self.result(symbol, a, b) else {
            return report(symbol.complaint(a.name, b.name), at: offset)
        }
        return result
    }

    /// Nil when the operator means nothing for the types.
    private static func result(
        _ symbol: BinaryOperator,
        _ a: ExpressionType,
        _ b: ExpressionType
    ) -> ExpressionType? {
        switch symbol {
        case .equal, .notEqual: return mayBeEqual(a, b) ? .bool : nil
        case .less, .lessOrEqual, .greater, .greaterOrEqual: return areOrdered(a, b) ? .bool : nil
        case .contained:
            switch b {
            case .dyn: return .bool
            case .list(let element): return mayBeEqual(a, element) ? .bool : nil
            case .map(let key, _): return mayBeEqual(a, key) ? .bool : nil
            case .object: return a.fits(.string) ? .bool : nil
            default: return nil
            }
        case .add: return sum(a, b)
        case .subtract: return difference(a, b)
        case .multiply, .divide: return number(a, b, [.int, .uint, .double])
        case .remainder: return number(a, b, [.int, .uint])
        }
    }

    private static func mayBeEqual(_ a: ExpressionType, _ b: ExpressionType) -> Bool {
        if a == .null || b == .null || (a.isNumber && b.isNumber) { return true }
        switch (a, b) {
        case (.list(let x), .list(let y)): return mayBeEqual(x, y)
        case (.optional(let x), .optional(let y)): return mayBeEqual(x, y)
        case (.map, .map): return true
        default: return a.fits(b)
        }
    }

    private static let ordered: Set<ExpressionType> = [.bool, .string, .bytes, .timestamp, .duration]

    private static func areOrdered(_ a: ExpressionType, _ b: ExpressionType) -> Bool {
        switch (a, b) {
        case (.dyn, .dyn): true
        case (.dyn, let known), (let known, .dyn): known.isNumber || ordered.contains(known)
        default: (a.isNumber && b.isNumber) || (a == b && ordered.contains(a))
        }
    }

    private static func number(
        _ a: ExpressionType,
        _ b: ExpressionType,
        _ allowed: [ExpressionType]
    ) -> ExpressionType? {
        switch (a, b) {
        case (.dyn, .dyn): .dyn
        case (.dyn, let known), (let known, .dyn): allowed.contains(known) ? known : nil
        default: a == b && allowed.contains(a) ? a : nil
        }
    }

    private static func sum(_ a: ExpressionType, _ b: ExpressionType) -> ExpressionType? {
        switch (a, b) {
        case (.timestamp, .duration), (.duration, .timestamp): return .timestamp
        case (.dyn, .timestamp), (.timestamp, .dyn): return .timestamp
        case (.dyn, .duration), (.duration, .dyn): return .dyn
        case (.list(let x), .list(let y)): return .list(x.joined(with: y))
        case (.list, .dyn), (.dyn, .list): return .list(.dyn)
        default: return number(a, b, [.int, .uint, .double, .string, .bytes, .duration])
        }
    }

    private static func difference(_ a: ExpressionType, _ b: ExpressionType) -> ExpressionType? {
        switch (a, b) {
        case (.timestamp, .timestamp): .duration
        case (.timestamp, .duration): .timestamp
        case (.timestamp, .dyn), (.dyn, .timestamp), (.dyn, .duration): .dyn
        default: number(a, b, [.int, .uint, .double, .duration])
        }
    }
}
