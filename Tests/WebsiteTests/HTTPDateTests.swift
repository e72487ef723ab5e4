import Testing

@testable import Website

struct HTTPDateTests {
    /// The example of RFC 9110 section 5.6.7, the epoch, and a leap day.
    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (1_709_210_096, "Thu, 29 Feb 2024 12:34:56 GMT"),
    ])
    func `a time is written as HTTP writes it`(seconds: Int, text: String) {
        #expect(HTTPDate.text(secondsSinceEpoch: seconds) == text)
    }

    @Test func `a time that no calendar has is none`() {
        #expect(HTTPDate.text(secondsSinceEpoch: .max) == nil)
    }
}
