/// What is said about a code, by how it is sent.
enum CodeWords: Sendable {
    case email
    case sms

    init(isBySMS: Bool) { self = isBySMS ? .sms : .email }

    private var ending: String { self == .sms ? "_sms" : "" }

    /// Id of what its field is called.
    var labelID: String { "code.label" + ending }
    /// Id of what it looks like.
    var hintID: String { "code.hint" + ending }
    /// Id of what can be done when it does not come.
    var nowID: String { "code.others_now" + ending }
    /// The same while another cannot be asked for.
    var laterID: String { "code.others_later" + ending }
    /// Id of what leads to its page.
    var wayID: String { "ways.code" + ending }
}
