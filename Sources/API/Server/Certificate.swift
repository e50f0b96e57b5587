import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization
import UnixSignals

/// The certificate that the server shows: read when it starts and, at SIGHUP, again, so that a renewed one is shown to
/// whoever connects from then on. Connections that are there already go on with the one they have seen.
final class Certificate: Sendable {
    private let files: TLSFiles
    private let shown: Mutex<Pair>

    /// Reads the files.
    ///
    /// - Throws: When they cannot be used, or the key is not the certificate's.
    init(_ files: TLSFiles) throws {
        self.files = files
        shown = Mutex(try Self.read(files))
    }

    /// Reads the files again; when they cannot be used, what was shown stays.
    func reload() throws {
        let read = try Self.read(files)
        shown.withLock { $0 = read }
    }

    /// The server behind it.
    func door(before plain: HTTPServerBuilder) throws -> HTTPServerBuilder {
        var configuration = shown.withLock { $0.configuration }
        configuration.sslContextCallback = { [self] _, promise in promise.succeed(shown.withLock { $0.override }) }
        return try .tls(plain, tlsConfiguration: configuration)
    }

    private static func read(_ files: TLSFiles) throws -> Pair {
        let pair = Pair(
            chain: try NIOSSLCertificate.fromPEMFile(files.certificate).map { .certificate($0) },
            key: .privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem)))
        // Only a context finds out that a key is another certificate's.
        _ = try NIOSSLContext(configuration: pair.configuration)
        return pair
    }

    /// A certificate with those that signed it, and its key.
    private struct Pair: Sendable {
        let chain: [NIOSSLCertificateSource]
        let key: NIOSSLPrivateKeySource

        var configuration: TLSConfiguration {
            var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: key)
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            return configuration
        }

        var override: NIOSSLContextConfigurationOverride {
            var override = NIOSSLContextConfigurationOverride()
            override.certificateChain = chain
            override.privateKey = key
            return override
        }
    }
}

/// Reads the certificate again whenever SIGHUP says that it was renewed. Where there is none, SIGHUP does nothing: it would
/// end the process otherwise.
struct CertificateService: Service {
    let certificate: Certificate?
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in await UnixSignalsSequence(trapping: .sighup) {
                do {
                    try certificate?.reload()
                    logger.info(certificate == nil ? "there is no certificate to read" : "certificate read again")
                } catch {
                    logger.error("the certificate cannot be read again, the one before stays: \(error)")
                }
            }
        }
    }
}
