import Foundation
import PackagePlugin

/// Compiles the text files that a target names in its `embedded-files.txt` into that target, as `EmbeddedFiles.all`.
///
/// The list holds one pattern a line (`schema/migrations/*.sql`), relative to the package; `#` begins a comment line.
/// A binary built this way runs from any folder, which one with `.copy` resources does not; SwiftPM's own
/// `.embedInCode` writes arrays of bytes that take the compiler 27 s for 100 KB where string literals take 1.5 s.
@main
struct EmbedFilesPlugin: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let list = target.directoryURL.appending(path: "embedded-files.txt")
        guard FileManager.default.fileExists(atPath: list.path(percentEncoded: false)) else { return [] }
        // SwiftPM asks plugins again only when a target's own folder changes, so files named here would miss what is
        // added elsewhere. The tool therefore looks for the files itself, and runs in every build (about 20 ms) because
        // it rewrites one of its own inputs; it leaves the generated file alone when nothing changed.
        let stamp = context.pluginWorkDirectoryURL.appending(path: "last-run.txt")
        if !FileManager.default.fileExists(atPath: stamp.path(percentEncoded: false)) { try Data().write(to: stamp) }
        let generated = context.pluginWorkDirectoryURL.appending(path: "EmbeddedFiles.swift")
        return [
            .buildCommand(
                displayName: "Embedding files into \(target.name)",
                executable: try context.tool(named: "embed-files").url,
                arguments: [
                    context.package.directoryURL.path(percentEncoded: false), list.path(percentEncoded: false),
                    generated.path(percentEncoded: false), stamp.path(percentEncoded: false),
                ],
                inputFiles: [list, stamp],
                outputFiles: [generated]
            )
        ]
    }
}
