extension Parser {
    /// A call, or the macro that it is.
    func call(
        _ name: String,
        on target: Syntax?,
        _ arguments: [Syntax],
        at offset: Int
    ) throws(ExpressionFault) -> Syntax {
        if let target {
            if let macro = try memberMacro(name, target, arguments, at: offset) { return macro }
        } else if name == "has" {
            return try presence(arguments, at: offset)
        }
        let children = arguments + (target.map { [$0] } ?? [])
        return Syntax(.call(function: name, target: target, arguments: arguments), at: offset, over: children)
    }

    private func presence(_ arguments: [Syntax], at offset: Int) throws(ExpressionFault) -> Syntax {
        guard arguments.count == 1, case .select(let operand, let field, let isOptional) = arguments[0].form else {
            throw fault("has(…) takes one field selection, such as has(finding.Note)", at: offset)
        }
        return Syntax(.has(operand, field: field, isOptional: isOptional), at: offset, over: [operand])
    }

    private func memberMacro(
        _ name: String,
        _ target: Syntax,
        _ arguments: [Syntax],
        at offset: Int
    ) throws(ExpressionFault) -> Syntax? {
        switch (name, arguments.count) {
        case ("bind", 3) where target.dottedName?.names == ["cel"]:
            let variable = try variable(arguments[0], of: "cel.bind")
            return Syntax(.bind(variable, arguments[1], in: arguments[2]), at: offset, over: Array(arguments[1...]))
        case ("optMap", 2), ("optFlatMap", 2):
            let variable = try variable(arguments[0], of: name)
            let form = Syntax.Form.optionalMap(target, variable, arguments[1], isFlat: name == "optFlatMap")
            return Syntax(form, at: offset, over: [target, arguments[1]])
        default:
            guard let fold = try fold(name, target, arguments) else { return nil }
            return Syntax(.fold(fold), at: offset, over: [target] + Array(arguments.dropFirst(fold.variables.count)))
        }
    }

    private func fold(
        _ name: String,
        _ range: Syntax,
        _ arguments: [Syntax]
    ) throws(ExpressionFault) -> Syntax.Fold? {
        guard let shape = Self.shape(name, arguments.count) else { return nil }
        var names: [String] = []
        for argument in arguments.prefix(shape.variables) { names.append(try variable(argument, of: name)) }
        guard Set(names).count == names.count else {
            throw fault("\(name) needs two different variables", at: arguments[0].offset)
        }
        var fold = Syntax.Fold(kind: shape.kind, range: range, variables: names)
        if shape.collects { fold.transform = arguments[arguments.count - 1] }
        let rest = arguments.count - shape.variables - (shape.collects ? 1 : 0)
        if rest > 0 { fold.predicate = arguments[shape.variables] }
        return fold
    }

    private typealias Shape = (kind: Syntax.Fold.Kind, variables: Int, collects: Bool)

    private static func shape(_ name: String, _ count: Int) -> Shape? {
        switch (name, count) {
        case ("all", 2): (.all, 1, false)
        case ("all", 3): (.all, 2, false)
        case ("exists", 2): (.exists, 1, false)
        case ("exists", 3): (.exists, 2, false)
        case ("exists_one", 2), ("existsOne", 2): (.existsOne, 1, false)
        case ("exists_one", 3), ("existsOne", 3): (.existsOne, 2, false)
        case ("filter", 2): (.filter, 1, false)
        case ("map", 2), ("map", 3): (.map, 1, true)
        case ("transformList", 3), ("transformList", 4): (.transformList, 2, true)
        case ("transformMap", 3), ("transformMap", 4): (.transformMap, 2, true)
        case ("transformMapEntry", 3), ("transformMapEntry", 4): (.transformMapEntry, 2, true)
        default: nil
        }
    }

    private func variable(_ syntax: Syntax, of macro: String) throws(ExpressionFault) -> String {
        guard case .name(let name, false) = syntax.form else {
            throw fault("the first argument of \(macro) names the variable: a plain name", at: syntax.offset)
        }
        return name
    }
}
