import CareChain
import Foundation

/// A file that a command reads or writes; `-` is standard input or output.
enum InputFile {
    /// The most bytes for which room is made at once: what is no regular file may tell any size.
    private static let mostReserved: UInt64 = 1 << 28

    /// The bytes of a file.
    static func bytes(_ path: String) throws(Failure) -> [UInt8] {
        if path != "-", isDirectory(path) {
            throw Failure(status: .badData, sentence: "\(path): is a directory, not a file")
        }
        do {
            let handle =
                path == "-"
                ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            var bytes: [UInt8] = []
            // Standard input may be a file that another program has read in part: it is read on from where it is.
            if path != "-", let size = try? handle.seekToEnd() {
                try handle.seek(toOffset: 0)
                bytes.reserveCapacity(Int(min(size, mostReserved)))
            }
            while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty { bytes.append(contentsOf: chunk) }
            return bytes
        } catch {
            throw Failure(status: .badData, sentence: "\(name(path)): cannot be read: \(reason(error))")
        }
    }

    /// The instance in a file.
    static func instance(_ path: String) throws(Failure) -> Instance {
        try decoded(path, Instance.init(json:))
    }

    /// What a referee judges of the plan in a file.
    static func judgedPlan(_ path: String) throws(Failure) -> Plan {
        try decoded(path, Plan.init(judgedPartOf:))
    }

    /// The plan in a file, with its prices.
    static func plan(_ path: String) throws(Failure) -> Plan {
        try decoded(path, Plan.init(json:))
    }

    private static func decoded<Value>(
        _ path: String, _ decode: ([UInt8]) throws(InvalidInput) -> Value
    ) throws(Failure) -> Value {
        let bytes = try bytes(path)
        do {
            return try decode(bytes)
        } catch {
            throw Failure(status: .badData, sentence: "\(name(path)): \(error)")
        }
    }

    /// Writes a file whole or not at all: an existing one is replaced only when all bytes are there. What is no file, a
    /// device or a pipe, is written to.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        if path == "-" { return try Console.write(bytes) }
        do {
            if isNoFile(path) {
                try FileHandle(forWritingTo: URL(fileURLWithPath: path)).write(contentsOf: Data(bytes))
            } else {
                try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
            }
        } catch {
            throw Failure(status: .failed, sentence: "\(path): cannot be written: \(reason(error))")
        }
    }

    /// Whether a directory is there.
    static func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    /// Whether something is there that is no regular file. Replacing it would take it from everybody: with enough rights,
    /// the null device too.
    private static func isNoFile(_ path: String) -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return false }
        // A pipe behind a link has no path to resolve to, and so no type either.
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: target)
        return attributes?[.type] as? FileAttributeType != .typeRegular
    }

    private static func name(_ path: String) -> String { path == "-" ? "standard input" : path }

    /// What the system says is wrong, in a plain sentence.
    private static func reason(_ error: any Error) -> String {
        let cause = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error) ?? error
        let known = cause as NSError
        return known.domain == NSPOSIXErrorDomain
            ? String(cString: strerror(Int32(known.code))) : cause.localizedDescription
    }
}
