import Foundation
import Testing

@testable import Website

struct TemplateTests {
    struct Sample {
        let name = "Ada"
        let homePath = "/"
        let isShown = true
        let list = [Item()]
        let nothing: String? = "something"

        struct Item {
            let part = 1
        }
    }

    static func check(_ source: String) throws {
        _ = try TemplateLibrary(sources: ["page": source, "part": "<p>{{name}}</p>"], samples: ["page": Sample()])
    }

    @Test(arguments: [
        "<p>{{name}}</p>", "<p title=\"{{name}}\">x</p>", "<a href=\"{{homePath}}\">x</a>",
        "{{#list}}{{part}}{{name}}{{/list}}",
        "<p{{#isShown}} class=\"x\"{{/isShown}}>{{^nothing}}-{{/nothing}}</p>", "{{! any <script> }}{{> part}}",
        "<!DOCTYPE html>{{ name }}",
        "<input value=\"a{{#isShown}}b{{/isShown}}\">",
        "<script type=\"module\" src=\"{{homePath}}\"></script>{{name}}",
        "{{#isShown}}<script src=\"{{homePath}}\"></script>{{/isShown}}",
    ])
    func `A template of this house is taken`(source: String) throws {
        try Self.check(source)
    }

    @Test(arguments: [
        "{{nmae}}", "{{name.x}}", "{{#nobody}}x{{/nobody}}", "{{^nobody}}x{{/nobody}}", "{{part}}", "{{list}}",
        "{{isShown}}", "{{> nobody}}",
        "{{{name}}}", "{{&name}}", "{{=<% %>=}}", "{{% CONTENT_TYPE:TEXT}}", "{{$block}}x{{/block}}",
        "{{< part}}{{/part}}", "{{>*name}}",
        "{{reversed(list)}}", "{{.}}{{/x}}", "{{}}", "{{name", "{{#isShown}}x", "{{/isShown}}", "{{#isShown}}{{/name}}",
        "<script>{{name}}</script>", "<script src=\"x\"></script>", "<script src=\"{{name}}\"></script>",
        "<script src=\"{{homePath}}\">x</script>", "<script src=\"{{homePath}}\">{{name}}</script>",
        "<script src=\"{{homePath}}\"> </script>", "<script src=\"{{homePath}}\"><b></b></script>",
        "<script src=\"{{homePath}}/x\"></script>", "<script src=\"{{homePath}}\">{{#isShown}}{{/isShown}}</script>",
        "<script src=\"{{homePath}}\">{{> part}}</script>", "<script></script>", "<script type=\"module\">",
        "<script src=\"{{homePath}}\" onload=\"x\"></script>", "<script src=\"{{homePath}}\">", "<style>x</style>",
        "<p title={{name}}>",
        "<p title=x>", "<p title='{{name}}'>",
        "<p {{name}}>", "<{{name}}>", "<p onclick=\"x\">", "<p ONCLICK=\"x\">", "<p style=\"x\">",
        "<a href=\"{{name}}\">", "<!-- {{name}} -->",
        "<p{{#isShown}}>{{/isShown}}", "<p title=\"{{#isShown}}\"{{/isShown}}>", "<p", "<p title=\"{{> part}}\">",
    ])
    func `A template that could break or mistypes a name fails the start`(source: String) {
        #expect(throws: TemplateProblem.self) { try Self.check(source) }
    }

    static let web = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Web")
        .standardizedFileURL

    @Test
    func `Every file beside the Swift ones is embedded as it is`() throws {
        var found: [String: [UInt8]] = [:]
        for folder in ["Locales", "Mail", "Static", "Templates"] {
            let names = try FileManager.default.contentsOfDirectory(atPath: Self.web.appending(path: folder).path)
            for name in names where !name.hasPrefix(".") {
                found["\(folder)/\(name)"] = Array(try Data(contentsOf: Self.web.appending(path: "\(folder)/\(name)")))
            }
        }
        #expect(found == SiteFiles.embedded)
    }

    @Test
    func `A directory replaces files one by one, and a mistake in it fails the start`() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "gatehouse-web-\(UUID())")
        defer { try? FileManager.default.removeItem(at: directory) }
        for folder in ["Locales", "Static"] {
            try FileManager.default.createDirectory(
                at: directory.appending(path: folder),
                withIntermediateDirectories: true
            )
        }
        try Data("body{}".utf8).write(to: directory.appending(path: "Static/site.css"))
        try Data(#"{"sign_in.title": "Se connecter"}"#.utf8).write(to: directory.appending(path: "Locales/fr.json"))
        let files = try SiteFiles(directory: directory.path)
        #expect(try files.bytes("Static/site.css") == Array("body{}".utf8))
        #expect(try files.bytes("Static/mark.svg") == SiteFiles.embedded["Static/mark.svg"])
        let french = try TextCatalogue(files: files).texts(for: "fr-FR")
        #expect(french["sign_in.title"] == "Se connecter")
        #expect(french["code.title"] == "Enter the code")
        for mistake in [#"{"sign_in.titel": "x"}"#, #"{"code.hint": "{nobody}"}"#, "[]", "{"] {
            try Data(mistake.utf8).write(to: directory.appending(path: "Locales/fr.json"))
            #expect(throws: CatalogueProblem.self) { try TextCatalogue(files: SiteFiles(directory: directory.path)) }
        }
        #expect(throws: SiteFileProblem.self) { try SiteFiles(directory: directory.path + "/none") }
    }
}
