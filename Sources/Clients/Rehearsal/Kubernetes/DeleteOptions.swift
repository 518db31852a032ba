internal import KubernetesAPI
internal import Vocabulary

/// The options of a delete or an eviction, from its body or its query.
struct DeleteOptions {
    var grace: Int64?
    var uid: String?
    var resourceVersion: String?
    var isDryRun = false

    /// Reads the body of a delete and the query beside it.
    init(_ call: ClusterCall) throws(StatusAnswer) {
        var body = JSONValue.null
        if !call.body.isEmpty {
            do { body = try JSONReader.parse(call.body) } catch {
                throw .badRequest("couldn't get version/kind; json parse error: \(error.report.what)")
            }
        }
        try self.init(body)
        if let text = call.value("gracePeriodSeconds"), !text.isEmpty {
            guard let number = Int64(text) else {
                throw .badRequest("strconv.ParseInt: parsing \"\(text)\": invalid syntax")
            }
            grace = grace ?? number
        }
    }

    init(_ options: JSONValue) throws(StatusAnswer) {
        if let value = options["gracePeriodSeconds"], !value.isNull {
            guard let number = value.integer else {
                let found = SchemaReading.name(of: value)
                throw .badRequest(
                    "json: cannot unmarshal \(found) into Go struct field DeleteOptions.gracePeriodSeconds of type int64"
                )
            }
            grace = number
        }
        uid = options["preconditions"]?["uid"]?.nonBlank
        resourceVersion = options["preconditions"]?["resourceVersion"]?.nonBlank
        isDryRun = options["dryRun"]?.array?.contains("All") ?? false
        let policy = options["propagationPolicy"]?.nonBlank
        if let policy, options["orphanDependents"]?.bool != nil {
            let why = "orphanDependents and deletionPropagation cannot be both set"
            let message = "Invalid value: \"\(policy)\": \(why)"
            throw .invalidOptions("DeleteOptions", .init("FieldValueInvalid", message, field: "propagationPolicy"))
        }
    }

    func check(_ object: JSONValue, _ served: ServedResource) throws(StatusAnswer) {
        let name = object.objectName
        let subject = "\(served.resource.kind) \"\(name)\""
        let again = "The object might have been deleted and then recreated"
        if let uid, uid != object.uid {
            let why =
                "the UID in the precondition (\(uid)) does not match the UID in record (\(object.uid)). \(again)"
            throw .conflict(subject, served.details(name, asKind: true), why)
        }
        if let resourceVersion, resourceVersion != object.resourceVersion {
            let why =
                "the ResourceVersion in the precondition (\(resourceVersion)) does not match the ResourceVersion "
                + "in record (\(object.resourceVersion)). The object might have been modified"
            throw .conflict(subject, served.details(name, asKind: true), why)
        }
    }
}
