import Foundation

/// Which addresses webhooks may have: not those by which a request reaches what only this machine or its network can.
public struct WebhookTargetPolicy: Sendable, Equatable {
    /// Whether addresses of this machine are allowed, also by plain http; for tests.
    public var allowsLoopback: Bool
    /// Whether addresses of private networks are allowed.
    public var allowsPrivateNetworks: Bool

    /// Makes a policy; without anything said only what is public, by https.
    public init(allowsLoopback: Bool = false, allowsPrivateNetworks: Bool = false) {
        self.allowsLoopback = allowsLoopback
        self.allowsPrivateNetworks = allowsPrivateNetworks
    }

    /// Checks an address as it is written. A name can still lead anywhere: whoever sends asks ``allows(address:)`` of the
    /// address that it turns out to have, connects to that one, and follows no redirect.
    ///
    /// - Throws: `invalid` with what is wrong.
    func check(_ url: String) throws(LedgerError) {
        // Backslashes, white space and control characters are read in different ways by different readers.
        guard url.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") }), url.utf8.count <= 2000,
            let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(), var host = parts.host,
            !host.isEmpty
        else {
            throw .invalid(
                english: "the address of a webhook is a URL of at most 2000 characters: https://host/path",
                dutch: "het adres van een webhook is een URL van hoogstens 2000 tekens: https://host/pad")
        }
        guard parts.user == nil, parts.password == nil, !url.contains("@") else {
            throw .invalid(
                english: "the address of a webhook holds no user or password",
                dutch: "het adres van een webhook bevat geen gebruiker of wachtwoord")
        }
        guard parts.fragment == nil else {
            throw .invalid(
                english: "the address of a webhook has no fragment (#)",
                dutch: "het adres van een webhook heeft geen fragment (#)")
        }
        host = host.lowercased()
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        let address = IPAddress(host)
        let reach = address?.reach ?? (IPAddress.isLoopbackName(host) ? .loopback : .network)
        guard scheme == "https" || scheme == "http" && reach == .loopback && allowsLoopback else {
            throw .invalid(
                english: "the address of a webhook begins with https://",
                dutch: "het adres van een webhook begint met https://")
        }
        if address == nil, IPAddress.looksNumeric(host) {
            throw .invalid(
                english: "the host of a webhook is a name, or an address as usual: 203.0.113.7",
                dutch: "de host van een webhook is een naam, of een adres zoals gewoonlijk: 203.0.113.7")
        }
        guard allows(reach) else {
            throw .invalid(
                english: "the address of a webhook is one of this machine or of a private network",
                dutch: "het adres van een webhook is er een van deze machine of van een besloten netwerk")
        }
    }

    /// Whether an address in numbers (IPv4 or IPv6), which a name turned out to have, may be connected to.
    public func allows(address: String) -> Bool {
        IPAddress(address).map { allows($0.reach) } ?? false
    }

    private func allows(_ reach: IPAddress.Reach) -> Bool {
        switch reach {
        case .network: true
        case .loopback: allowsLoopback
        case .privateNetwork: allowsPrivateNetworks
        case .special: false
        }
    }
}

/// An IPv4 or IPv6 address in numbers.
struct IPAddress {
    /// From where it can be reached.
    enum Reach {
        /// From everywhere.
        case network
        /// From this machine.
        case loopback
        /// From a private network, or over a link.
        case privateNetwork
        /// It is nobody's: unspecified, multicast, reserved, for documentation.
        case special
    }

    private let bytes: [UInt8]

    init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: &six) { Array($0) }
        } else {
            return nil
        }
    }

    static func isLoopbackName(_ host: String) -> Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "localhost."
    }

    /// Whether some readers would take a host for an IPv4 address in another notation: 2130706433, 0x7f.1, 127.1.
    static func looksNumeric(_ host: String) -> Bool {
        guard let last = host.split(separator: ".").last else { return true }
        return last.allSatisfy(\.isNumber) || last.hasPrefix("0x")
    }

    /// By the registries of special-purpose addresses (RFC 6890 and what follows it).
    var reach: Reach {
        if bytes.count == 4 { return Self.reach(ofIPv4: bytes) }
        let head = bytes.prefix(12)
        if head.dropLast(2).allSatisfy({ $0 == 0 }), head.suffix(2).allSatisfy({ $0 == 0xff }) {
            return Self.reach(ofIPv4: Array(bytes.suffix(4)))  // ::ffff:0:0/96, IPv4 in IPv6
        }
        if bytes.prefix(15).allSatisfy({ $0 == 0 }) { return bytes[15] == 1 ? .loopback : .special }
        switch (bytes[0], bytes[1]) {
        case (0x00, 0x64) where bytes[2] == 0xff && bytes[3] == 0x9b:
            return Self.reach(ofIPv4: Array(bytes.suffix(4)))  // 64:ff9b::/96, IPv4 by translation
        case (0x20, 0x02): return Self.reach(ofIPv4: Array(bytes[2..<6]))  // 2002::/16, IPv4 by 6to4
        case (0xfc...0xfd, _): return .privateNetwork
        case (0xfe, 0x80...0xff): return .privateNetwork
        case (0x20, 0x01) where bytes[2] == 0x0d && bytes[3] == 0xb8: return .special
        case (0x20...0x3f, _): return .network
        default: return .special
        }
    }

    private static func reach(ofIPv4 bytes: [UInt8]) -> Reach {
        switch (bytes[0], bytes[1], bytes[2]) {
        case (127, _, _): .loopback
        case (10, _, _), (172, 16...31, _), (192, 168, _), (169, 254, _), (100, 64...127, _): .privateNetwork
        case (0, _, _), (224...255, _, _), (192, 0, 0), (192, 0, 2), (198, 18...19, _), (198, 51, 100), (203, 0, 113):
            .special
        default: .network
        }
    }
}
