/// Where in a page the reader of its source stands, so that values are only put where escaping them is enough.
///
///     text --<--> tag --name=--> beforeValue --"--> value --"--> tag --> --> text
///     text --<!...--> declaration --> --> text
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
    }

    private(set) var position: Position = .text
    /// The attribute that is read or was read last, in lower case.
    private(set) var attribute = ""
    private var element: [UInt8] = []
    private var word: [UInt8] = []

    /// Reads one byte of source; returns what is wrong with it.
    mutating func read(_ byte: UInt8) -> String? {
        switch position {
        case .text:
            guard byte == UInt8(ascii: "<") else { return nil }
            position = .tag
            (element, word, attribute) = ([], [], "")
        case .tag: return readTag(byte)
        case .beforeValue:
            guard byte == UInt8(ascii: "\"") else { return "the value of \(attribute) must be in double quotes" }
            position = .value
        case .value:
            if byte == UInt8(ascii: "\"") { position = .tag }
        case .declaration:
            if byte == UInt8(ascii: ">") { position = .text }
        }
        return nil
    }

    private mutating func readTag(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "!") where element.isEmpty && word.isEmpty:
            position = .declaration
        case UInt8(ascii: ">"):
            endWord()
            position = .text
            if element == Array("script".utf8) || element == Array("style".utf8) {
                return "no scripts or styles in pages"
            }
        case UInt8(ascii: "="):
            attribute = String(decoding: word, as: UTF8.self)
            word = []
            position = .beforeValue
            if attribute == "style" || attribute.utf8.starts(with: "on".utf8) { return "no \(attribute) in pages" }
        case UInt8(ascii: "<"), UInt8(ascii: "'"), UInt8(ascii: "\""): return "unexpected byte in a tag"
        case 0x09, 0x0A, 0x0C, 0x0D, 0x20: endWord()
        default: word.append(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
        }
        return nil
    }

    private mutating func endWord() {
        if element.isEmpty { element = word }
        word = []
    }
}
