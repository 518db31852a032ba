internal import Catalogue
internal import Expressions
internal import Planning
internal import Playbooks
internal import Vocabulary

extension StepPlanner {
    struct Parameters {
        var value: JSONValue
        var expires: Duration?
        /// States without whose results a parameter has no value of its type.
        var missing: [String] = []
    }

    /// `given`: values that were rendered before; nil renders them now.
    func parameters(
        _ step: ActionStep,
        _ scope: ExpressionScope,
        _ given: JSONValue? = nil
    ) throws(ActionFault) -> Parameters {
        let renderer = TemplateRenderer(scope)
        let manifest = action(step.call.name)?.manifest
        var values = JSONObject()
        var missing: [String] = []
        for member in step.call.parameters {
            let rendered =
                if let value = given?[member.name] { TemplateRenderer.Rendered(value: value) } else {
                    try render(member.value, renderer)
                }
            values[member.name] = rendered.value
            guard let parameter = manifest?.parameters.first(where: { $0.name == member.name }),
                !rendered.value.isNull, !parameter.accepts(rendered.value)
            else { continue }
            guard rendered.waitsFor.isEmpty else {
                missing += rendered.waitsFor
                continue
            }
            let shown = JSONWriter.compact(rendered.value).prefix(120)
            throw Self.invalid(member.name, member.value.mark, "is \(shown), not \(parameter.type.inWords)")
        }
        for parameter in manifest?.parameters ?? [] where parameter.isRequired {
            guard values[parameter.name] ?? .null == .null else { continue }
            throw Self.invalid(parameter.name, step.call.mark, "is missing")
        }
        return Parameters(value: .object(values), expires: try expiry(step.state, renderer), missing: missing)
    }

    private func expiry(_ state: PlaybookState, _ renderer: TemplateRenderer) throws(ActionFault) -> Duration? {
        guard let template = state.expires else { return nil }
        let rendered = try render(template, renderer)
        if !rendered.waitsFor.isEmpty { return nil }
        guard let duration = rendered.value.string.flatMap({ Duration(playbookText: $0) }) else {
            throw Self.invalid(
                "expires",
                state.mark,
                "is no duration: \(JSONWriter.compact(rendered.value).prefix(120))"
            )
        }
        return duration
    }

    private func render(
        _ template: ValueTemplate,
        _ renderer: TemplateRenderer
    ) throws(ActionFault) -> TemplateRenderer.Rendered {
        do {
            return try renderer.render(template)
        } catch {
            throw ActionFault("Invalid", error.report(at: template.mark))
        }
    }

    private static func invalid(_ name: String, _ mark: SourceMark, _ problem: String) -> ActionFault {
        ActionFault(
            "Invalid",
            FaultReport(
                code: "STEP-001",
                what: "parameter \(name) \(problem)",
                location: "\(mark)",
                remedy: "give a value of the type that “firebreak actions show” names"
            )
        )
    }

    static func unknown(_ name: String) -> ActionFault {
        ActionFault(
            "Invalid",
            FaultReport(
                code: "STEP-002",
                what: "no action is called “\(name)”",
                remedy: "see “firebreak actions list”"
            )
        )
    }
}
