/// Every function that expressions may call, by name.
enum FunctionLibrary {
    private static let all: [Function] =
        StandardFunctions.all + ConversionFunctions.all + StringFunctions.all + TimeFunctions.all + MathFunctions.all
        + NetworkFunctions.all + OptionalFunctions.all

    /// Called as `name(…)`; the name may hold points.
    static let globals: [String: Function] = table(isMember: false)
    /// Called as `x.name(…)`.
    static let members: [String: Function] = table(isMember: true)

    private static func table(isMember: Bool) -> [String: Function] {
        var table: [String: Function] = [:]
        for function in all where function.isMember == isMember { table[function.name] = function }
        return table
    }
}
