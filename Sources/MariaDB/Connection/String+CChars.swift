extension String {
    /// Lends the UTF-8 bytes as C sees them, without a NUL at the end; valid for the time of the call.
    func withCChars<Result>(_ body: (UnsafeBufferPointer<CChar>) -> Result) -> Result {
        var text = self
        return text.withUTF8 { text in
            unsafe UnsafeRawBufferPointer(text).withMemoryRebound(to: CChar.self) { unsafe body($0) }
        }
    }
}
