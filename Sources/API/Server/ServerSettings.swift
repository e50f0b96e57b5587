public import Ledger

/// How the server is to run.
public struct ServerSettings: Sendable {
    /// Where it listens.
    public var host = "127.0.0.1"
    /// The port; 0: any that is free.
    public var port = 8080
    /// Where the figures are told, to whoever asks; another machine needs an address that only those who watch reach.
    public var metricsHost = "127.0.0.1"
    /// The port of the figures; 0: any that is free; nil: none are told.
    public var metricsPort: Int? = 9090
    /// The files of certificate chain and key (PEM); nil: HTTP, for behind a proxy.
    public var tls: TLSFiles?
    /// How much it takes.
    public var limits = Limits()
    /// The web sites whose scripts may call.
    public var origins: Set<String> = []
    /// The identity provider; nil: only tokens of ours are taken.
    public var identityProvider: IdentityProviderConfiguration?

    /// The keys of what is confidential; nil: what needs them is refused.
    public var keys: KeyRing?
    /// Where webhooks may lead.
    public var webhookTargets = WebhookTargetPolicy()

    /// The settings above.
    public init() {}
}

/// The files of a certificate.
public struct TLSFiles: Sendable {
    /// The certificate and those that signed it (PEM).
    public var certificate: String
    /// Its private key (PEM).
    public var key: String

    /// Makes a pair of files.
    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}
