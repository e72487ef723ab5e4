/// Where in a page the reader of its source stands, so that values are only put where escaping them is enough.
///
///     text --<--> tag --name=--> beforeValue --"--> value --"--> tag --> --> text
///     text --<!...--> declaration --> --> text
///     tag of a script --> --> script --</script>--> text
struct MarkupPlace: Equatable {
    enum Position: Equatable {
        case text
        /// Inside `<...>`, outside a value; what was read of it.
        case tag
        /// After the `=` of an attribute.
        case beforeValue
        /// In a double-quoted value.
        case value
        /// In `<!...>`.
        case declaration
        /// Between `<script ...>` and `</script>`, where nothing may stand.
        case script
    }

    private(set) var position: Position = .text
    /// The attribute that is read or was read last, in lower case.
    private(set) var attribute = ""
    private var element: [UInt8] = []
    private var word: [UInt8] = []
    private var hasSource = false
    private var mustEndScript = false

    /// Reads one byte of source; returns what is wrong with it.
    mutating func read(_ byte: UInt8) -> String? {
        switch position {
        case .text:
            guard byte == UInt8(ascii: "<") else { return nil }
            beginTag()
        case .tag: return readTag(byte)
        case .beforeValue:
            guard byte == UInt8(ascii: "\"") else { return "the value of \(attribute) must be in double quotes" }
            position = .value
        case .value:
            guard byte != UInt8(ascii: "\"") else {
                position = .tag
                return nil
            }
            if isSourceOfScript { return "the address of a script is a value" }
        case .declaration:
            if byte == UInt8(ascii: ">") { position = .text }
        case .script:
            guard byte == UInt8(ascii: "<") else { return "a script is a file; nothing stands in its element" }
            beginTag()
            mustEndScript = true
        }
        return nil
    }

    private mutating func readTag(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "!") where element.isEmpty && word.isEmpty:
            position = .declaration
        case UInt8(ascii: ">"): return endTag()
        case UInt8(ascii: "="):
            attribute = String(decoding: word, as: UTF8.self)
            word = []
            position = .beforeValue
            if isSourceOfScript { hasSource = true }
            if attribute == "style" || attribute.utf8.starts(with: "on".utf8) { return "no \(attribute) in pages" }
        case UInt8(ascii: "<"), UInt8(ascii: "'"), UInt8(ascii: "\""): return "unexpected byte in a tag"
        case 0x09, 0x0A, 0x0C, 0x0D, 0x20: endWord()
        default: word.append(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
        }
        return nil
    }

    private var isSourceOfScript: Bool { element == Array("script".utf8) && attribute == "src" }

    private mutating func beginTag() {
        position = .tag
        (element, word, attribute, hasSource) = ([], [], "", false)
    }

    private mutating func endTag() -> String? {
        endWord()
        position = .text
        guard !mustEndScript || element == Array("/script".utf8) else {
            return "a script is a file; nothing stands in its element"
        }
        mustEndScript = false
        if element == Array("style".utf8) { return "no styles in pages" }
        guard element == Array("script".utf8) else { return nil }
        position = .script
        return hasSource ? nil : "no scripts in pages"
    }

    private mutating func endWord() {
        if element.isEmpty { element = word }
        word = []
    }
}
