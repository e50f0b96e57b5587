import Foundation

/// Where a server is, and what it knows the caller by.
package struct ServerAddress: Sendable {
    /// Its address without a slash at the end.
    let base: String
    /// The caller's token.
    let token: String
    /// A file of the authorities whose certificates are trusted (PEM); nil: those of the system.
    let authorities: String?

    /// Told of an address or token that cannot be used.
    package struct Unusable: Error, CustomStringConvertible {
        /// What is wrong, and what to do.
        package let description: String
    }

    /// Makes an address.
    ///
    /// - Parameters:
    ///   - text: `https://…`; without TLS only this machine itself, because anybody on the way could read the token.
    ///   - tokenFile: A file that holds the token and that nobody else may read.
    /// - Throws: ``Unusable``
    package init(_ text: String, tokenFile: String, authorities: String?) throws(Unusable) {
        guard let components = URLComponents(string: text), let host = components.host, !host.isEmpty,
            components.user == nil, components.query == nil, components.fragment == nil
        else {
            throw Unusable(description: "\(text) is no address of a server: give https://NAME")
        }
        guard components.scheme == "https" || components.scheme == "http" && host.isThisMachine else {
            throw Unusable(description: "the address of a server begins with https://, not: \(text)")
        }
        base = text.hasSuffix("/") ? String(text.dropLast()) : text
        token = try Self.token(in: tokenFile)
        self.authorities = authorities
    }

    private static func token(in file: String) throws(Unusable) -> String {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: file),
            let mode = attributes[.posixPermissions] as? Int, let data = FileManager.default.contents(atPath: file)
        else {
            throw Unusable(description: "the token file \(file) is not there, or you may not read it")
        }
        guard mode & 0o077 == 0 else {
            throw Unusable(
                description: "others may read the token file: type chmod 600 '\(file)'; if somebody may have, ask for "
                    + "a new token")
        }
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Unusable(
                description:
                    "the token file \(file) holds no token: put the one line there that onderdak token issue printed")
        }
        return text
    }
}
